#include "core/platform/git/object_format.hpp"

#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/git/git_handle.hpp"

namespace devy::git {
namespace {

// As people write it: "SHA-256".
std::string name_of(std::string_view format) {
  if (format == "sha256") return "SHA-256";
  return base::in_quotes(format);
}

}  // namespace

base::Error object_format_unsupported(const std::string& what, std::string_view format) {
  return {base::ErrorKind::rejected,
          base::redact("unable to " + what + ": its objects have " + name_of(format) +
                       " names, and only SHA-1 is supported"),
          "Move the files to a repository made without --object-format; GitHub has no others.",
          "object_format_unsupported"};
}

std::string object_format_of(const std::string& path) {
  use_libgit2();
  std::string format(known_object_format);
  git_buf folder = GIT_BUF_INIT;
  // libgit2 does not open such a repository, but finds it, and reads its configuration.
  if (git_repository_discover(&folder, path.c_str(), 0, nullptr) < 0) return format;
  const std::string file = std::string(folder.ptr) + "config";
  git_buf_dispose(&folder);
  git_config* raw = nullptr;
  if (git_config_open_ondisk(&raw, file.c_str()) < 0) return format;
  const ConfigHandle config(raw);
  git_buf value = GIT_BUF_INIT;
  if (git_config_get_string_buf(&value, raw, "extensions.objectformat") == 0) format = value.ptr;
  git_buf_dispose(&value);
  return format;
}

}  // namespace devy::git
