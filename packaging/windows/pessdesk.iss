; Inno Setup 6: an installer of dist\PessDesk for one user, without an administrator.
;
;   iscc /DVersion=0.1.0 packaging\windows\pessdesk.iss        after `pyinstaller packaging\pessdesk.spec` on Windows
;
; NOT RUN YET: written with care after Inno Setup's documentation, on a machine without Windows (docs/packaging.md).

#ifndef Version
  #error Name the version: iscc /DVersion=0.1.0
#endif

[Setup]
AppId={{6D4C4C0B-9B0E-4F0C-8B0B-6B1C8C6A2E71}
AppName=PessDesk
AppVersion={#Version}
AppPublisher=PessDesk
LicenseFile=..\..\LICENSE
DefaultDirName={autopf}\PessDesk
DefaultGroupName=PessDesk
DisableProgramGroupPage=yes
PrivilegesRequired=lowest
PrivilegesRequiredOverridesAllowed=dialog
ArchitecturesAllowed=x64compatible
ArchitecturesInstallIn64BitMode=x64compatible
ChangesAssociations=yes
OutputDir=..\..\dist
OutputBaseFilename=PessDesk-{#Version}-windows
SetupIconFile=..\..\build\package\icons\pessdesk.ico
UninstallDisplayIcon={app}\PessDesk.exe
Compression=lzma2
SolidCompression=yes
WizardStyle=modern

[Languages]
Name: "ca"; MessagesFile: "compiler:Languages\Catalan.isl"
Name: "es"; MessagesFile: "compiler:Languages\Spanish.isl"
Name: "en"; MessagesFile: "compiler:Default.isl"

[Files]
Source: "..\..\dist\PessDesk\*"; DestDir: "{app}"; Flags: recursesubdirs ignoreversion

[InstallDelete]
; a newer version's folder holds nothing of the older one's
Type: filesandordirs; Name: "{app}\_internal"

[Icons]
Name: "{group}\PessDesk"; Filename: "{app}\PessDesk.exe"; AppUserModelID: "cat.pessdesk.PessDesk"

[Registry]
; Our bundles: PessDesk is offered for them ("Open with"). Other programs make ASiC-E files as well, so it is not made
; the one that opens them: the extension's own default value is left alone.
Root: HKA; Subkey: "Software\Classes\PessDesk.asice"; ValueType: string; ValueData: "PessDesk (ASiC-E)"; Flags: uninsdeletekey
Root: HKA; Subkey: "Software\Classes\PessDesk.asice\DefaultIcon"; ValueType: string; ValueData: "{app}\PessDesk.exe,0"
Root: HKA; Subkey: "Software\Classes\PessDesk.asice\shell\open\command"; ValueType: string; ValueData: """{app}\PessDesk.exe"" ""%1"""
Root: HKA; Subkey: "Software\Classes\.asice\OpenWithProgids"; ValueType: string; ValueName: "PessDesk.asice"; ValueData: ""; Flags: uninsdeletevalue
Root: HKA; Subkey: "Software\Classes\Applications\PessDesk.exe\SupportedTypes"; ValueType: string; ValueName: ".asice"; ValueData: ""; Flags: uninsdeletekey

[Run]
Filename: "{app}\PessDesk.exe"; Description: "{cm:LaunchProgram,PessDesk}"; Flags: nowait postinstall skipifsilent
