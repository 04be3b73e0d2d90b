#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/descriptor.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/github/access.hpp"
#include "core/platform/setup/findings.hpp"
#include "core/platform/token/sealing.hpp"

// Files that the settings name: secrets, keys, certificates of authorities, folders.

namespace devy::setup {
namespace {

std::string reason() {
  return std::generic_category().message(errno);
}

void examine_secret(Findings& findings, const std::string& key, const std::string& path) {
  if (path.empty()) return;
  findings.attempt(key, [&] { static_cast<void>(base::read_secret_file(path)); });
}

void examine_key(Findings& findings, const std::string& key, const std::string& path) {
  if (path.empty()) return;
  findings.attempt(key, [&] { static_cast<void>(token::read_key_file(path)); });
}

void examine_authorities(Findings& findings, const std::string& key, const std::string& path) {
  if (path.empty()) return;
  const base::Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat status {};
  const std::string hint =
      "Name a file of certificates in PEM that can be read, or none for those "
      "of the system.";
  if (file.get() < 0 || ::fstat(file.get(), &status) != 0)
    findings.add(key, "unable to read '" + path + "': " + reason(), hint);
  else if (!S_ISREG(status.st_mode) || status.st_size == 0)
    findings.add(key, "unable to use '" + path + "': it is no file, or empty", hint);
}

// Whoever starts the daemon may be allowed less, or more, than whoever asks: not to be there is the
// only certain fault.
void examine_folder(Findings& findings, const std::string& key, const std::string& path,
                    const std::string& hint, bool is_warning = false) {
  if (path.empty()) return;
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0)
    findings.add(key, "unable to use the folder '" + path + "': " + reason(), hint, is_warning);
  else if (!S_ISDIR(status.st_mode))
    findings.add(key, "unable to use '" + path + "': it is no folder", hint, is_warning);
}

void examine_github_credential(Findings& findings) {
  const auto& config = findings.config();
  if (!config.github.has_credentials()) return;
  findings.attempt(config.github.has_app() ? "github.app_key_file" : "github.token_file",
                   [&] { static_cast<void>(github::Access(config, base::system_clock())); });
}

}  // namespace

void examine_files(Findings& findings) {
  const auto& config = findings.config();
  examine_folder(findings, "runtime_directory", config.runtime_directory,
                 "Make it, for the user that the program runs as, or take the key away: then "
                 "/dev/shm is used.");
  examine_secret(findings, "git.token_file", config.git.token_file);
  examine_authorities(findings, "git.ca_file", config.git.ca_file);
  examine_github_credential(findings);
  if (!config.webhook.ranges_file.empty())
    examine_folder(findings, "webhook.ranges_file",
                   std::filesystem::path(config.webhook.ranges_file).parent_path().string(),
                   "Make the folder: the addresses of GitHub are kept there for the next start.",
                   true);
  examine_key(findings, "mirror.token_key_file", config.mirror.token_key_file);
  examine_secret(findings, "crm.token_file", config.crm.token_file);
  examine_key(findings, "files.link_key_file", config.files.link_key_file);
  examine_secret(findings, "files.s3.credentials_file", config.files.s3.credentials_file);
  examine_authorities(findings, "files.s3.ca_file", config.files.s3.ca_file);
  if (config.files.enabled)
    examine_folder(findings, "files.directory", config.files.directory,
                   "Make it with `devy-upload file init`, or mount the disk that has it.");
  if (config.web.addresses.empty()) return;
  examine_secret(findings, "web.client_secret_file", config.web.client_secret_file);
  examine_key(findings, "web.key_file", config.web.key_file);
}

}  // namespace devy::setup
