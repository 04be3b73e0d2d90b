#pragma once
// A value that must never be printed: a token, a password, a webhook secret. Move-only; its memory
// is wiped on destruction. It cannot be streamed or formatted; reveal() is easy to search for.

#include <string>
#include <string_view>

namespace devy::base {

class Secret {
 public:
  Secret() = default;
  explicit Secret(std::string value) : value_(std::move(value)) {}
  Secret(Secret&& other) noexcept;
  Secret& operator=(Secret&& other) noexcept;
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret();

  [[nodiscard]] std::string_view reveal() const { return value_; }
  [[nodiscard]] bool empty() const { return value_.empty(); }

 private:
  void wipe() noexcept;
  std::string value_;
};

// Returns the first line of a file, without its newline; at most 64 KiB. Refuses a file that others
// can read: throws Error(config) when it is missing, empty, or its mode is wider than 0640.
[[nodiscard]] Secret read_secret_file(const std::string& path);

// Returns the whole of such a file, since a key in PEM has many lines. Throws the same.
[[nodiscard]] Secret read_secret_document(const std::string& path);

// Tells whether a secret is the text of a key file: PEM, or an SSH public key. A public key is
// known to others, and the first line of a PEM file is the same in all of them.
[[nodiscard]] bool is_key_text(std::string_view text);

// Hides whatever looks like a credential (`ghp_…`, `Bearer …`, `https://user:pass@`) in text that
// is about to be logged, stored as an error, or shown.
[[nodiscard]] std::string redact(std::string_view text);

}  // namespace devy::base
