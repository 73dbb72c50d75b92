#!/bin/sh
# Puts PessDesk in place for one user, without root; or takes it away again. It lies beside the program `pessdesk`.
#
#   ./install.sh [PREFIX]              PREFIX is ~/.local unless another is named
#   ./install.sh --remove [PREFIX]     what was recorded (the data folder) is never touched
set -eu

name=cat.pessdesk.PessDesk
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

remove=
if [ "${1-}" = --remove ]; then
    remove=yes
    shift
fi
[ "$#" -le 1 ] || fail "usage: install.sh [--remove] [PREFIX]"
case ${1-} in -*) fail "usage: install.sh [--remove] [PREFIX]" ;; esac
prefix=${1:-${HOME:?}/.local}
case $prefix in /*) ;; *) prefix=$(pwd)/$prefix ;; esac
case $prefix in *[\"\`\$\\%\|\&]*) fail "A desktop entry cannot name a folder with such signs: $prefix" ;; esac
folder=$prefix/lib/pessdesk
share=$prefix/share

# Tell the desktop; where its tools are missing it finds out at the next login.
refresh() {
    if command -v update-mime-database >/dev/null 2>&1 && [ -d "$share/mime" ]; then
        update-mime-database "$share/mime" || true
    fi
    if command -v update-desktop-database >/dev/null 2>&1 && [ -d "$share/applications" ]; then
        update-desktop-database -q "$share/applications" || true
    fi
}

take_away() {
    rm -rf "$folder" "$folder.new"
    rm -f "$prefix/bin/pessdesk" "$share/applications/$name.desktop" "$share/mime/packages/$name.xml" \
        "$share/metainfo/$name.metainfo.xml" "$share/icons/hicolor/scalable/apps/$name.svg"
    for size in 16 22 24 32 48 64 128 256 512; do
        rm -f "$share/icons/hicolor/${size}x$size/apps/$name.png"
    done
}

if [ -n "$remove" ]; then
    take_away
    refresh
    say "PessDesk was taken away from $prefix. What was recorded is where it was."
    exit 0
fi

[ -x "$here/pessdesk" ] && [ -d "$here/_internal" ] || fail "There is no program beside this script."
[ "$here" != "$folder" ] || fail "PessDesk is installed here already."

# The new folder is whole before the old one goes.
mkdir -p "$prefix/lib" "$prefix/bin" "$share/applications" "$share/mime/packages" "$share/metainfo"
rm -rf "$folder.new"
cp -R "$here" "$folder.new"
rm -rf "$folder"
mv "$folder.new" "$folder"
ln -sf "$folder/pessdesk" "$prefix/bin/pessdesk"

# (a name without its folder would depend on the PATH of the desktop)
sed -e "s|^Exec=pessdesk|Exec=\"$folder/pessdesk\"|" -e "s|^TryExec=pessdesk|TryExec=$folder/pessdesk|" \
    "$here/linux/$name.desktop" >"$share/applications/$name.desktop"
cp "$here/linux/$name.xml" "$share/mime/packages/$name.xml"
cp "$here/linux/$name.metainfo.xml" "$share/metainfo/$name.metainfo.xml"
for picture in "$here"/linux/icons/*.png; do
    size=$(basename "$picture" .png)
    mkdir -p "$share/icons/hicolor/${size}x$size/apps"
    cp "$picture" "$share/icons/hicolor/${size}x$size/apps/$name.png"
done
mkdir -p "$share/icons/hicolor/scalable/apps"
cp "$here/linux/icons/pessdesk.svg" "$share/icons/hicolor/scalable/apps/$name.svg"
refresh
say "PessDesk is installed in $folder; open it from the menu of programs, or with $prefix/bin/pessdesk."
case :$PATH: in *":$prefix/bin:"*) ;; *) say "($prefix/bin is not in PATH.)" ;; esac
