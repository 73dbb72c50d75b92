#!/bin/sh
# Finds what PessDesk's set-up needs from the system: Python 3.11 or later with its venv module, openssl, unzip, and on
# Linux the libraries under Qt's window, which it needs without a display as well.
#
#   packaging/setup-system.sh              prints the path of the Python to use
#   packaging/setup-system.sh display      and what a window on a display needs, with Xvfb and xdotool (`make test-x`)
#   packaging/setup-system.sh package      and what `make package` needs to pack it
#   packaging/setup-system.sh test         and what some tests use, and are skipped without: a C compiler
#
# What is missing is installed where that needs no question (root on Debian and its relatives); elsewhere it is named,
# and the exit code is 1. PYTHON names the interpreter to use, if several are there.
set -eu

say() { printf '%s\n' "$*" >&2; }

purpose=${1-}
case $purpose in '' | display | package | test) ;; *) say "usage: setup-system.sh [display|package|test]"; exit 2 ;; esac

recent() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }

find_python() {
    if [ -n "${PYTHON-}" ]; then
        command -v "$PYTHON" >/dev/null 2>&1 && recent "$PYTHON" && command -v "$PYTHON"
        return
    fi
    for name in python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$name" >/dev/null 2>&1 && recent "$name"; then
            command -v "$name"
            return
        fi
    done
    return 1
}

can_install() { [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null 2>&1; }

# What the dynamic linker finds; nothing where it does not say (then nothing is missing as far as anybody knows).
known_libraries() { PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null || true; }

# The packages of those libraries that are missing, from lines of `file package`
lacking() {
    known=$(known_libraries)
    [ -n "$known" ] || return 0
    while read -r file package; do
        case $known in *"$file "*) ;; *) echo "$package" ;; esac
    done
}

# What PySide6's QtWidgets, QtNetwork, QtSvg and the platform without a display are linked to
window_libraries() {
    lacking <<'END'
libEGL.so.1 libegl1
libGL.so.1 libgl1
libX11.so.6 libx11-6
libbrotlidec.so.1 libbrotli1
libdbus-1.so.3 libdbus-1-3
libfontconfig.so.1 libfontconfig1
libfreetype.so.6 libfreetype6
libglib-2.0.so.0 libglib2.0-0
libgssapi_krb5.so.2 libgssapi-krb5-2
libstdc++.so.6 libstdc++6
libxkbcommon.so.0 libxkbcommon0
libzstd.so.1 libzstd1
END
}

# What its platforms X11 and Wayland are linked to besides
display_libraries() {
    lacking <<'END'
libX11-xcb.so.1 libx11-xcb1
libwayland-client.so.0 libwayland-client0
libwayland-cursor.so.0 libwayland-cursor0
libxcb-cursor.so.0 libxcb-cursor0
libxcb-icccm.so.4 libxcb-icccm4
libxcb-image.so.0 libxcb-image0
libxcb-keysyms.so.1 libxcb-keysyms1
libxcb-randr.so.0 libxcb-randr0
libxcb-render.so.0 libxcb-render0
libxcb-render-util.so.0 libxcb-render-util0
libxcb-shape.so.0 libxcb-shape0
libxcb-shm.so.0 libxcb-shm0
libxcb-sync.so.1 libxcb-sync1
libxcb-util.so.1 libxcb-util1
libxcb-xfixes.so.0 libxcb-xfixes0
libxcb-xkb.so.1 libxcb-xkb1
libxkbcommon-x11.so.0 libxkbcommon-x11-0
END
}

# The packages of those programs that are missing, from words `program:package`
without() {
    for pair in "$@"; do
        command -v "${pair%%:*}" >/dev/null 2>&1 || echo "${pair#*:}"
    done
}

# Debian keeps Python's shared library, which a frozen program takes along, apart from the interpreter
python_library() {
    python=$(find_python) || return 0
    "$python" - <<'END'
import ctypes, sys
name = f"libpython3.{sys.version_info.minor}"
try:
    ctypes.CDLL(f"{name}.so.1.0")
except OSError:
    print(name)
END
}

# Debian's names of the packages that are missing
missing() {
    if python=$(find_python); then
        # Debian splits venv and ensurepip from the interpreter
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            case $("$python" -c 'import sys; print(sys.executable)') in
            */python3) echo python3-venv ;;
            *) "$python" -c 'import sys; print(f"python3.{sys.version_info.minor}-venv")' ;;
            esac
        fi
    elif [ -z "${PYTHON-}" ]; then
        echo python3
        echo python3-venv
    fi
    without openssl:openssl unzip:unzip
    [ "$(uname -s)" = Linux ] || return 0
    window_libraries
    case $purpose in
    display)
        display_libraries
        without Xvfb:xvfb setxkbmap:x11-xkb-utils xdotool:xdotool
        ;;
    package)
        display_libraries
        python_library
        without objdump:binutils strip:binutils
        ;;
    esac
}

# What only tests use: they say so and do without it
useful() {
    [ "$(uname -s)" = Linux ] || return 0
    case $purpose in
    package)
        without desktop-file-validate:desktop-file-utils update-mime-database:shared-mime-info xmllint:libxml2-utils
        ;;
    test)
        without cc:gcc
        [ -e /usr/include/stdio.h ] || echo libc6-dev
        ;;
    esac
}

install() {
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends "$@"; } >&2
}

# Twice, for what belongs to a Python is known only when it is there.
for _ in first second; do
    packages=$(missing | sort -u | tr '\n' ' ')
    if can_install; then
        packages="$packages$(useful | tr '\n' ' ')"
    fi
    [ -n "$packages" ] || break
    if ! can_install; then
        say "PessDesk's set-up needs these, which are missing here: $packages"
        say "(Debian's names.) Install them, for example with: sudo apt-get install $packages"
        exit 1
    fi
    say "Installing from the system's packages: $packages"
    # shellcheck disable=SC2086 # names without spaces, one a word
    if ! install $packages; then
        say "The system's packages could not be installed: $packages"
        exit 1
    fi
done

if ! python=$(find_python); then
    if [ -n "${PYTHON-}" ]; then
        say "PYTHON=$PYTHON is not a Python of version 3.11 or later, which PessDesk needs."
    else
        say "PessDesk needs Python 3.11 or later; the Python here is older. Install one, or name it: make PYTHON=/path/to/python3 setup"
    fi
    exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    say "The Python at $python has no venv module; install it (Debian: python3-venv)."
    exit 1
fi
printf '%s\n' "$python"
