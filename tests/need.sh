# Sourced by test.sh and on-peers.sh: what they need beside the .NET SDK and Node.

need() { # need PROGRAM PACKAGE: Debian's package, installed when we are root. A PROGRAM with a slash is a pattern of paths.
  case "$1" in
    */*) compgen -G "$1" >/dev/null && return ;;
    *) command -v "$1" >/dev/null 2>&1 && return ;;
  esac
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo "Installing $2 …"
    { apt-get update && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2"; } >/tmp/opsportal-apt.log 2>&1 || { cat /tmp/opsportal-apt.log; exit 1; }
  else
    echo "The tests need $1: install Debian's package $2 (apt-get install $2) and try again." >&2
    exit 1
  fi
}
need_peers() {
  need '/usr/lib/postgresql/*/bin/postgres' postgresql # plays Redshift
  need swift-proxy-server swift-proxy # OpenStack Swift plays S3
  need swift-account-server swift-account
  need swift-container-server swift-container
  need swift-object-server swift-object
  need memcached memcached
}
