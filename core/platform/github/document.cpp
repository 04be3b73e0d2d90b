#include "core/platform/github/document.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/base/error.hpp"

namespace devy::github {
namespace {

using nlohmann::json;

constexpr int depth_max = 64;

const json* find(const json& value, const char* name) {
  const auto found = value.find(name);
  return found == value.end() ? nullptr : &*found;
}

}  // namespace

struct Document::Value {
  json value;
};

Document::Document(std::unique_ptr<Value> value) : value_(std::move(value)) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

Document Document::parse(std::string_view text) {
  bool is_shallow = true;
  const auto watch = [&](int depth, json::parse_event_t, json&) {
    is_shallow &= depth <= depth_max;
    return is_shallow;
  };
  auto parsed = json::parse(text.begin(), text.end(), watch, false);
  if (!is_shallow || !(parsed.is_object() || parsed.is_array()))
    throw base::Error(base::ErrorKind::unavailable,
                      "unable to read GitHub's answer: it is no JSON that means anything",
                      "Check that github.api_url is the address of GitHub's REST API.",
                      "github_garbage");
  return Document(std::make_unique<Value>(Value{std::move(parsed)}));
}

bool Document::is_array() const {
  return value_->value.is_array();
}

std::optional<std::string> Document::text(const char* name) const {
  const auto* found = find(value_->value, name);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return found->get<std::string>();
}

std::optional<std::int64_t> Document::number(const char* name) const {
  const auto* found = find(value_->value, name);
  if (found == nullptr || !found->is_number_integer()) return std::nullopt;
  return found->get<std::int64_t>();
}

bool Document::boolean(const char* name) const {
  const auto* found = find(value_->value, name);
  return found != nullptr && found->is_boolean() && found->get<bool>();
}

std::optional<Document> Document::object(const char* name) const {
  const auto* found = find(value_->value, name);
  if (found == nullptr || !found->is_object()) return std::nullopt;
  return Document(std::make_unique<Value>(Value{*found}));
}

std::vector<std::string> Document::texts(const char* name) const {
  std::vector<std::string> texts;
  if (const auto* found = find(value_->value, name); found != nullptr && found->is_array())
    for (const auto& element : *found)
      if (element.is_string()) texts.push_back(element.get<std::string>());
  return texts;
}

std::vector<Document> Document::elements() const {
  std::vector<Document> elements;
  if (!value_->value.is_array()) return elements;
  for (const auto& element : value_->value)
    if (element.is_object()) elements.push_back(Document(std::make_unique<Value>(Value{element})));
  return elements;
}

}  // namespace devy::github
