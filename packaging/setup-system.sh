#!/bin/sh
# Finds what PessDesk's set-up needs from the system: Python 3.11 or later with its venv module, openssl, unzip.
#
#   packaging/setup-system.sh        prints the path of the Python to use
#
# What is missing is installed where that needs no question (root on Debian and its relatives); elsewhere it is named,
# and the exit code is 1. PYTHON names the interpreter to use, if several are there.
set -eu

say() { printf '%s\n' "$*" >&2; }

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
    for tool in openssl unzip; do
        command -v "$tool" >/dev/null 2>&1 || echo "$tool"
    done
}

packages=$(missing | tr '\n' ' ')
if [ -n "$packages" ]; then
    if ! can_install; then
        say "PessDesk's set-up needs these, which are missing here: $packages"
        say "(Debian's names.) Install them, for example with: sudo apt-get install $packages"
        exit 1
    fi
    say "Installing from the system's packages: $packages"
    export DEBIAN_FRONTEND=noninteractive
    # shellcheck disable=SC2086 # names without spaces, one a word
    if ! { apt-get update -qq && apt-get install -y -qq --no-install-recommends $packages; } >&2; then
        say "The system's packages could not be installed: $packages"
        exit 1
    fi
fi

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
