#include "core/platform/process/file_access.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "core/platform/base/descriptor.hpp"
#include "core/platform/process/confinement.hpp"

namespace devy::process {
namespace {

// The definitions of linux/landlock.h, whose older versions have fewer of them; they are the
// kernel's ABI.
constexpr long create_ruleset_call = 444, add_rule_call = 445, restrict_self_call = 446;
constexpr unsigned ask_version = 1;
constexpr int rule_path_beneath = 1;
struct Ruleset {
  std::uint64_t files = 0, network = 0, scopes = 0;
};
struct [[gnu::packed]] PathBeneath {
  std::uint64_t allowed = 0;
  std::int32_t parent = -1;
};

constexpr std::uint64_t execute = 1U << 0U, write_file = 1U << 1U, read_file = 1U << 2U,
                        read_folder = 1U << 3U, refer = 1U << 13U, truncate = 1U << 14U,
                        device_control = 1U << 15U;
constexpr std::uint64_t first_rights = (1U << 13U) - 1;  // of the first version
constexpr std::uint64_t of_single_files =
    execute | write_file | read_file | truncate | device_control;
constexpr std::uint64_t reading = read_file | read_folder;
// Signals to, and abstract sockets of, processes that are not restricted with this one.
constexpr std::uint64_t abstract_sockets = 1U << 0U, signals = 1U << 1U;

int version() {
  return static_cast<int>(::syscall(create_ruleset_call, nullptr, 0, ask_version));
}

Ruleset known_to(int version) {
  constexpr int with_refer = 2, with_truncate = 3, with_device_control = 5, with_scopes = 6;
  Ruleset ruleset;
  ruleset.files = first_rights;
  if (version >= with_refer) ruleset.files |= refer;
  if (version >= with_truncate) ruleset.files |= truncate;
  if (version >= with_device_control) ruleset.files |= device_control;
  if (version >= with_scopes) ruleset.scopes = abstract_sockets | signals;
  return ruleset;
}

// 0, or an errno. What does not exist cannot be opened anyway.
int allow(const base::Descriptor& ruleset, const std::string& path, std::uint64_t rights) {
  const base::Descriptor place(::open(path.c_str(), O_PATH | O_CLOEXEC));
  if (place.get() < 0) return errno == ENOENT || errno == ENOTDIR || errno == EACCES ? 0 : errno;
  struct stat status {};
  if (::fstat(place.get(), &status) != 0) return errno;
  const PathBeneath rule{S_ISDIR(status.st_mode) ? rights : rights & of_single_files, place.get()};
  return ::syscall(add_rule_call, ruleset.get(), rule_path_beneath, &rule, 0) == 0 ? 0 : errno;
}

int apply(const FileAccess& access) {
  const auto known = known_to(version());
  // A kernel takes a longer structure whose unknown members are 0.
  const base::Descriptor ruleset(
      static_cast<int>(::syscall(create_ruleset_call, &known, sizeof known, 0)));
  if (ruleset.get() < 0) return errno;
  for (const auto& path : access.readable)
    if (const int failure = allow(ruleset, path, reading); failure != 0) return failure;
  for (const auto& path : access.writable)
    if (const int failure = allow(ruleset, path, known.files & ~execute); failure != 0)
      return failure;
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return errno;
  return ::syscall(restrict_self_call, ruleset.get(), 0) == 0 ? 0 : errno;
}

}  // namespace

std::vector<std::string> files_of_programs() {
  return {"/usr", "/lib", "/lib64", "/etc/localtime", "/etc/timezone", "/dev/null", "/dev/urandom"};
}

std::vector<std::string> files_of_the_network() {
  std::vector<std::string> files{
      "/etc/resolv.conf",     "/etc/hosts",           "/etc/host.conf",     "/etc/gai.conf",
      "/etc/services",        "/etc/nsswitch.conf",   "/etc/ssl/certs",     "/etc/ssl/cert.pem",
      "/etc/ssl/openssl.cnf", "/etc/ca-certificates", "/etc/pki/tls/certs", "/etc/pki/ca-trust",
      "/etc/crypto-policies"};
  for (const char* name : {"SSL_CERT_FILE", "SSL_CERT_DIR"})
    if (const char* value = std::getenv(name); value != nullptr && *value != '\0')
      files.emplace_back(value);
  return files;
}

bool can_restrict_files() {
  return can_confine() && version() >= 1;
}

std::string restrict_files(const FileAccess& access) {
  if (!can_restrict_files()) return {};
  const int failure = apply(access);
  return failure == 0 ? std::string() : std::strerror(failure);
}

}  // namespace devy::process
