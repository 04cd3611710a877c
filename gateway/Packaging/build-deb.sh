#!/usr/bin/env bash
# Makes a natively compiled Debian package of the gateway.
#   gateway/Packaging/build-deb.sh [arm64|amd64] [OUTPUT FOLDER]
# Needs the .NET 10 SDK, Node 20 (for the console) and, of Debian: clang zlib1g-dev; for arm64, which is cross-compiled on
# amd64, also lld gcc-aarch64-linux-gnu mmdebstrap (for the system root that is linked against, made once, 130 MB).
# Disturbs no other build of the checkout. Prints the path of the package.
set -euo pipefail
arch=${1:-arm64}
root=$(cd "$(dirname "$0")/../.." && pwd)
out=$(realpath -m "${2:-$root/artifacts/deb}")
work=$root/artifacts/deb-work/$arch
version=$(sed -n 's:.*<Version>\(.*\)</Version>.*:\1:p' "$root/Directory.Build.props")

need() {
  local missing=()
  for program in dotnet npm clang dpkg-deb "$@"; do command -v "$program" >/dev/null || missing+=("$program"); done
  [ ${#missing[@]} -eq 0 ] && return
  echo "Not installed: ${missing[*]}. The head of $0 says what is needed." >&2
  exit 1
}

# Debian's own zlib instead of the one the runtime brings: its mends then reach the program too.
publish=("$root/gateway" -c Release -p:PublishAot=true -p:UseSystemZlib=true \
  -p:ArtifactsPath="$work/build" -o "$work/publish")
case $arch in
  amd64)
    need strip
    strip=strip
    publish+=(-r linux-x64) ;;
  arm64)
    need ld.lld aarch64-linux-gnu-strip mmdebstrap
    strip=aarch64-linux-gnu-strip
    sysroot=$root/artifacts/sysroot-arm64
    if [ ! -e "$sysroot/.complete" ]; then
      echo "Building the arm64 system root (once) …" >&2
      rm -rf "$sysroot"
      mkdir -p "$(dirname "$sysroot")"
      # Only unpacked, nothing foreign is run. The archive is the one this machine itself uses, when it is a bookworm.
      mirror=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | awk '$2 == "bookworm" {print $1; exit}')
      if [ -z "$mirror" ]; then
        echo "$0: no archive of Debian bookworm is configured in apt; add one, and run apt-get update" >&2
        exit 1
      fi
      mmdebstrap --quiet --mode=root --variant=extract --architectures=arm64 \
        --include=libc6-dev,libgcc-12-dev,zlib1g-dev,libssl3,libstdc++6,libgcc-s1,zlib1g \
        bookworm "$sysroot" "$mirror" >&2
      # Absolute links would point into this machine; a dangling libm.so makes the linker take libm.a in silence.
      find "$sysroot" -type l | while read -r link; do
        target=$(readlink "$link")
        case $target in /*) ln -snf "$(realpath -ms --relative-to="$(dirname "$link")" "$sysroot$target")" "$link" ;; esac
      done
      touch "$sysroot/.complete"
    fi
    publish+=(-r linux-arm64 -p:SysRoot="$sysroot" -p:LinkerFlavor=lld -p:ObjCopyName=aarch64-linux-gnu-objcopy) ;;
  *) echo "usage: $0 [arm64|amd64] [OUTPUT FOLDER]" >&2; exit 2 ;;
esac

# The link step looks at no setting of the linker when it decides whether anything is new.
rm -rf "$work/publish" "$work/root" "$work"/build/obj/IotEvents.Gateway/*/native
mkdir -p "$out" "$work"
dotnet publish "${publish[@]}" -v quiet --nologo >&2
[ -e "$work/publish/wwwroot/index.html" ] || { echo "The web console was not built; a package goes out with it." >&2; exit 1; }

package=$work/root
install -d "$package/DEBIAN" "$package/usr/bin" "$package/usr/lib/iotevents" "$package/etc/iotevents/rules" \
  "$package/etc/default" "$package/lib/systemd/system" "$package/usr/share/doc/iotevents" "$package/usr/share/man/man1" \
  "$package/usr/share/iotevents/schema"
install -m 755 "$work/publish/iotevents" "$package/usr/lib/iotevents/iotevents"
for library in "$work"/publish/lib*.so; do
  install -m 644 "$library" "$package/usr/lib/iotevents/"
  $strip --strip-unneeded "$package/usr/lib/iotevents/$(basename "$library")"
done
cp -r "$work/publish/wwwroot" "$package/usr/lib/iotevents/wwwroot"
ln -s ../lib/iotevents/iotevents "$package/usr/bin/iotevents"

here=$root/gateway/Packaging
install -m 644 "$here/iotevents.service" "$package/lib/systemd/system/iotevents.service"
install -m 644 "$here/iotevents.default" "$package/etc/default/iotevents"
install -m 644 "$here/gateway.yaml" "$package/etc/iotevents/gateway.yaml"
install -m 644 "$here/deb/copyright" "$package/usr/share/doc/iotevents/copyright"
install -m 644 "$root"/gateway/Api/Schema/*.json "$package/usr/share/iotevents/schema/"
gzip -9nc "$here/iotevents.1" >"$package/usr/share/man/man1/iotevents.1.gz"
printf 'iotevents (%s) stable; urgency=medium\n\n  * See CHANGELOG.md of the project.\n\n -- IotEvents <maintainers@iotevents.example>  %s\n' \
  "$version" "$(git -C "$root" log -1 --format=%aD)" | gzip -9n >"$package/usr/share/doc/iotevents/changelog.gz"
chmod 644 "$package/usr/share/doc/iotevents/changelog.gz" "$package/usr/share/man/man1/iotevents.1.gz"
install -m 755 "$here/deb/postinst" "$here/deb/prerm" "$here/deb/postrm" "$package/DEBIAN/"
printf '/etc/default/iotevents\n/etc/iotevents/gateway.yaml\n' >"$package/DEBIAN/conffiles"
find "$package" -type d -exec chmod 755 {} +
find "$package/usr/lib/iotevents/wwwroot" -type f -exec chmod 644 {} +
cat >"$package/DEBIAN/control" <<CONTROL
Package: iotevents
Version: $version
Architecture: $arch
Maintainer: IotEvents <maintainers@iotevents.example>
Section: net
Priority: optional
Depends: libc6 (>= 2.34), libssl3 | libssl3t64, libgcc-s1, zlib1g, tzdata
Installed-Size: $(du -sk --exclude=DEBIAN "$package" | cut -f1)
Description: sensor traffic to events, alerts and history
 Reads sensors over MQTT (with a broker of its own), serial lines and the
 computer's own interfaces, turns what they say into events, judges them by
 rules, tells people, and keeps the history. One program, nothing else needed.
CONTROL
(cd "$package" && find . -type f ! -path './DEBIAN/*' -printf '%P\0' | sort -z | xargs -0 md5sum >DEBIAN/md5sums)
chmod 644 "$package/DEBIAN/control" "$package/DEBIAN/conffiles" "$package/DEBIAN/md5sums"

file=$out/iotevents_${version}_$arch.deb
dpkg-deb --root-owner-group -Zxz --build "$package" "$file" >&2
echo "$file"
