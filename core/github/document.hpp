#pragma once
// A JSON document that a server sent, read without trust: bounded in depth, absent where it is of
// another kind than was asked for. Private to core/github. A value; one thread.

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace devy::github {

class Document {
 public:
  // Throws Error(unavailable, "github_garbage"): a proxy's page or half an answer, worth another
  // try.
  [[nodiscard]] static Document parse(std::string_view json);
  Document(Document&&) noexcept;
  Document& operator=(Document&&) noexcept;
  ~Document();

  [[nodiscard]] bool is_array() const;
  // Of an object; nothing when it is absent or of another kind.
  [[nodiscard]] std::optional<std::string> text(const char* name) const;
  [[nodiscard]] std::optional<std::int64_t> number(const char* name) const;
  [[nodiscard]] bool truth(const char* name) const;
  [[nodiscard]] std::optional<Document> object(const char* name) const;
  [[nodiscard]] std::vector<std::string> texts(const char* name) const;
  // Those of an array that are objects.
  [[nodiscard]] std::vector<Document> elements() const;

 private:
  struct Value;
  explicit Document(std::unique_ptr<Value> value);
  std::unique_ptr<Value> value_;
};

}  // namespace devy::github
