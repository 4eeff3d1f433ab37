# Functions shared by the other scripts; to be sourced from the top of the repository.

say() { printf '\n== %s\n' "$*"; }
fail() {
  printf 'error: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}

need_swift() {
  local version
  command -v swift >/dev/null 2>&1 || fail "the Swift toolchain is missing (swift 6.1 or newer)" \
    "Get it from https://www.swift.org/install/linux/ :" \
    "  curl -O https://download.swift.org/swiftly/linux/swiftly-\$(uname -m).tar.gz" \
    "  tar zxf swiftly-\$(uname -m).tar.gz && ./swiftly init && . ~/.local/share/swiftly/env.sh" \
    "then run this script again."
  version=$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)
  case "$version" in
    [0-5].* | 6.0) fail "Swift $version is too old; Levin needs 6.1 or newer" \
      "See https://www.swift.org/install/linux/" ;;
  esac
  forget_moved_build
}

# Swift's build products contain the path of their folder: in a clone that was moved or copied, every build would fail
# with "missing required module 'SwiftShims'".
forget_moved_build() {
  local cache
  for cache in .build/*/*/ModuleCache/*/SwiftOverlayShims-*.pcm; do
    [ -f "$cache" ] || continue
    grep -qF -e "$PWD/.build/" -e "$(pwd -P)/.build/" "$cache" && continue
    say "this clone was moved or copied since its last build: rebuilding everything"
    rm -rf .build
    return
  done
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif command -v sudo >/dev/null 2>&1; then sudo "$@"; else return 1; fi
}

# need_packages PACKAGE...: installs missing Debian packages; returns 1 if that is impossible.
need_packages() {
  local missing=() package
  command -v dpkg-query >/dev/null 2>&1 || return 0
  for package in "$@"; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >.build/apt.log 2>&1 && return 0
  as_root apt-get update -q >.build/apt.log 2>&1 || return 1
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q "${missing[@]}" >>.build/apt.log 2>&1 || return 1
}

need_system_packages() {
  mkdir -p .build
  need_packages libprotobuf-c-dev zlib1g-dev || fail "libprotobuf-c-dev and zlib1g-dev are missing and could not be installed" \
    "As root: apt-get install libprotobuf-c-dev zlib1g-dev   (see .build/apt.log)"
}

# In CI a check that cannot run is a failure; elsewhere it is one line.
cannot_check() {
  [ "${CI:-}" != true ] || fail "$1" "With CI=true nothing is left out."
  printf 'note: %s; going on without it\n' "$1"
}

# make_venv: creates .build/venv with the Python packages that tests compare Levin with; returns 1 if that is impossible.
make_venv() {
  local requirements=Tests/EndToEnd/requirements.txt venv=.build/venv
  cmp -s "$requirements" "$venv/requirements.txt" && return 0
  command -v python3 >/dev/null 2>&1 || need_packages python3 || return 1
  python3 -c 'import ensurepip' 2>/dev/null || need_packages python3-venv || return 1
  say "making a Python environment for the checks (.build/venv)"
  rm -rf "$venv"
  python3 -m venv "$venv" && "$venv/bin/pip" install -q --disable-pip-version-check -r "$requirements" || return 1
  cp "$requirements" "$venv/requirements.txt"
}
