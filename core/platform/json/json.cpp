#include "core/platform/json/json.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/base/time_text.hpp"

namespace devy::json {

using Document = nlohmann::ordered_json;

struct JsonPrinter {
  static Document convert(const Json& value) {
    switch (value.kind_) {
      case Json::Kind::null: return nullptr;
      case Json::Kind::boolean: return value.number_ != 0;
      case Json::Kind::integer: return value.number_;
      case Json::Kind::real: return value.real_;
      case Json::Kind::text: return value.text_;
      case Json::Kind::stored: return parse_stored(value.text_);
      case Json::Kind::array: {
        auto array = Document::array();
        for (const auto& [name, item] : value.fields_)
          array.push_back(convert(item));
        return array;
      }
      case Json::Kind::object: {
        auto object = Document::object();
        for (const auto& [name, field] : value.fields_)
          object[name] = convert(field);
        return object;
      }
    }
    return nullptr;
  }

  // Front matter is a stranger's: deep nesting would end in a crash of dump().
  static Document parse_stored(const std::string& text) {
    constexpr int depth_max = 64;
    bool is_too_deep = false;
    const auto watch_depth = [&](int depth, Document::parse_event_t, Document&) {
      is_too_deep |= depth > depth_max;
      return !is_too_deep;
    };
    auto document = Document::parse(text, watch_depth, false);
    if (document.is_discarded() || is_too_deep) return nullptr;
    return document;
  }
};

Json::Json(base::TimePoint time) : Json(base::format_rfc3339(time)) {}

Json::Json(const std::vector<std::string>& texts) : kind_(Kind::array) {
  for (const auto& text : texts)
    push(text);
}

Json Json::object(Fields fields) {
  Json value;
  value.kind_ = Kind::object;
  value.fields_ = std::move(fields);
  return value;
}

Json Json::array(std::vector<Json> items) {
  Json value;
  value.kind_ = Kind::array;
  for (auto& item : items)
    value.push(std::move(item));
  return value;
}

Json Json::stored(const std::string& document) {
  Json value;
  if (document.empty()) return value;
  value.kind_ = Kind::stored;
  value.text_ = document;
  return value;
}

Json& Json::set(std::string name, Json value) {
  fields_.emplace_back(std::move(name), std::move(value));
  return *this;
}

Json& Json::push(Json item) {
  fields_.emplace_back(std::string(), std::move(item));
  return *this;
}

std::string Json::dump() const {
  return JsonPrinter::convert(*this).dump(2, ' ', false, Document::error_handler_t::replace);
}

void print_json(std::ostream& out, const Json& document) {
  out << document.dump() << '\n';
}

}  // namespace devy::json
