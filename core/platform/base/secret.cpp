#include "core/platform/base/secret.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstring>
#include <fstream>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/error.hpp"

namespace devy::base {

Secret::Secret(Secret&& other) noexcept : value_(std::move(other.value_)) {
  other.wipe();
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    wipe();
    value_ = std::move(other.value_);
    other.wipe();
  }
  return *this;
}

Secret::~Secret() {
  wipe();
}

void Secret::wipe() noexcept {
  // A moved-from string may still hold its bytes in the small buffer: wipe the capacity.
  value_.resize(value_.capacity());
  explicit_bzero(value_.data(), value_.size());
  value_.clear();
}

namespace {

constexpr std::size_t secret_bytes_max = 64UL * 1024;

// Refuses what others could read.
void check_secret_file(const std::string& path) {
  struct stat info {};
  if (stat(path.c_str(), &info) != 0)
    throw Error(ErrorKind::config, "unable to read secret file '" + path + "': " + strerror(errno),
                "Create the file with the secret as its first line, mode 0600.");
  if ((info.st_mode & 0137U) != 0)
    throw Error(ErrorKind::config, "unable to use secret file '" + path + "': its mode is too open",
                "Run `chmod 600` on it so that nobody else can read it.");
  if (static_cast<std::size_t>(info.st_size) > secret_bytes_max)
    throw Error(ErrorKind::config, "unable to read secret file '" + path + "': it is too large",
                "It must hold the secret alone.");
}

}  // namespace

namespace {

// Opens a file that check_secret_file() has let pass, and says why it cannot.
std::ifstream open_secret_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (file) return file;
  const std::string cause = strerror(errno);
  struct stat info {};
  const bool is_known = stat(path.c_str(), &info) == 0;
  throw Error(ErrorKind::config,
              "unable to read secret file '" + path + "': " + cause +
                  (is_known ? "; it belongs to user " + std::to_string(info.st_uid) : ""),
              "Let the user that this program runs as own it: run `chown` on it, mode 0600.");
}

}  // namespace

Secret read_secret_document(const std::string& path) {
  check_secret_file(path);
  auto file = open_secret_file(path);
  std::string text(secret_bytes_max, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(std::max<std::streamsize>(file.gcount(), 0)));
  if (text.empty())
    throw Error(ErrorKind::config, "unable to read secret file '" + path + "': it is empty",
                "Write the secret into it.");
  return Secret(std::move(text));
}

Secret read_secret_file(const std::string& path) {
  check_secret_file(path);
  auto file = open_secret_file(path);
  std::string line;
  if (!std::getline(file, line))
    throw Error(ErrorKind::config, "unable to read secret file '" + path + "': it is empty",
                "Put the secret on its first line.");
  while (!line.empty() && std::isspace(static_cast<unsigned char>(line.back())))
    line.pop_back();
  if (line.empty())
    throw Error(ErrorKind::config, "unable to read secret file '" + path + "': first line is empty",
                "Put the secret on the first line.");
  return Secret(std::move(line));
}

namespace {

bool is_token_char(char c) {
  return is_letter_or_digit(c) || c == '_' || c == '-' || c == '.' || c == '~' || c == '+' ||
         c == '/' || c == '=';
}

}  // namespace

bool is_key_text(std::string_view text) {
  constexpr std::array<std::string_view, 5> marks{"-----BEGIN", "---- BEGIN", "ssh-rsa ",
                                                  "ssh-ed25519 ", "ecdsa-sha2-"};
  return std::ranges::any_of(marks,
                             [&](auto mark) { return text.find(mark) != std::string_view::npos; });
}

std::string redact(std::string_view text) {
  static constexpr std::array<std::string_view, 7> prefixes{
      "ghp_", "ghs_", "gho_", "ghu_", "github_pat_", "Bearer ", "Basic "};
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const auto rest = text.substr(i);
    bool hidden = false;
    for (const auto prefix : prefixes) {
      if (!rest.starts_with(prefix)) continue;
      out.append(prefix).append("***");
      i += prefix.size();
      while (i < text.size() && is_token_char(text[i]))
        ++i;
      hidden = true;
      break;
    }
    if (hidden) continue;
    if (rest.starts_with("://")) {
      // Userinfo ends at '@' before the path begins.
      const auto end = rest.find_first_of("/@ '\"\n", 3);
      if (end != std::string_view::npos && rest[end] == '@') {
        out += "://***";
        i += end;
        continue;
      }
    }
    out += text[i++];
  }
  return out;
}

}  // namespace devy::base
