#pragma once
// Parses the parts of a compact token strictly: whatever two parsers could read differently is
// refused. Private to this folder. Pure; any thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::token {

// Accepts no padding, no white space, and no unused bits that are set.
[[nodiscard]] std::optional<std::string> decode_base64url(std::string_view text);

// A JSON object in which no name occurs twice, at any depth; nested at most 8 deep.
class StrictObject {
 public:
  // Returns nothing for anything else.
  [[nodiscard]] static std::optional<StrictObject> parse(std::string_view json);
  StrictObject(StrictObject&&) noexcept;
  StrictObject& operator=(StrictObject&&) noexcept;
  ~StrictObject();

  [[nodiscard]] bool has(const char* name) const;
  // Returns nothing when the member is absent or of another type.
  [[nodiscard]] std::optional<std::string> text(const char* name) const;
  [[nodiscard]] std::optional<double> number(const char* name) const;
  // Reads a text or a list of texts.
  [[nodiscard]] std::vector<std::string> texts(const char* name) const;
  [[nodiscard]] std::vector<StrictObject> objects(const char* name) const;

 private:
  struct Value;
  explicit StrictObject(std::unique_ptr<Value> value);
  std::unique_ptr<Value> value_;
};

}  // namespace devy::token
