#include "core/platform/json/json.hpp"

#include <nlohmann/json.hpp>

#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"

namespace devy::json {

namespace {

using Library = nlohmann::ordered_json;

// Front matter is a stranger's: deep nesting would end in a crash of the library's dump().
Library parse_stored(const std::string& text) {
  constexpr int depth_max = 64;
  bool is_too_deep = false;
  const auto watch_depth = [&](int depth, Library::parse_event_t, Library&) {
    is_too_deep |= depth > depth_max;
    return !is_too_deep;
  };
  auto document = Library::parse(text, watch_depth, false);
  if (document.is_discarded() || is_too_deep) return nullptr;
  return document;
}

std::string escape_of(char c) {
  switch (c) {
    case '"': return "\\\"";
    case '\\': return "\\\\";
    case '\b': return "\\b";
    case '\f': return "\\f";
    case '\n': return "\\n";
    case '\r': return "\\r";
    case '\t': return "\\t";
    default: break;
  }
  constexpr std::string_view digits = "0123456789abcdef";
  const auto byte = static_cast<unsigned char>(c);
  return {'\\', 'u', '0', '0', digits[byte >> 4U], digits[byte & 15U]};
}

}  // namespace

// Writes into one text, without a tree of the library's in between: a document may have a value for
// each file of a repository.
class JsonPrinter {
 public:
  // An indent below 0 writes everything into one line.
  explicit JsonPrinter(int indent) : indent_(indent) {}

  std::string print(const Json& value) {
    put(value);
    return std::move(out_);
  }

 private:
  void put(const Json& value) {
    switch (value.kind_) {
      case Json::Kind::null: out_ += "null"; return;
      case Json::Kind::boolean: out_ += value.number_ != 0 ? "true" : "false"; return;
      case Json::Kind::integer: out_ += std::to_string(value.number_); return;
      case Json::Kind::real: out_ += Library(value.real_).dump(); return;
      case Json::Kind::text: put_text(value.text_); return;
      case Json::Kind::stored: put_stored(value.text_); return;
      case Json::Kind::array: put_fields(value, '[', ']'); return;
      case Json::Kind::object: put_fields(value, '{', '}'); return;
    }
  }

  void put_fields(const Json& value, char open, char close) {
    out_ += open;
    ++depth_;
    for (std::size_t i = 0; i < value.fields_.size(); ++i) {
      if (i > 0) out_ += ',';
      begin_line();
      if (open == '{') {
        put_text(value.fields_[i].first);
        out_ += indent_ < 0 ? ":" : ": ";
      }
      put(value.fields_[i].second);
    }
    --depth_;
    if (!value.fields_.empty()) begin_line();
    out_ += close;
  }

  void begin_line() {
    if (indent_ < 0) return;
    out_ += '\n';
    out_.append(static_cast<std::size_t>(indent_ * depth_), ' ');
  }

  void put_text(const std::string& text) {
    if (!base::is_valid_utf8(text)) {
      out_ += Library(text).dump(-1, ' ', false, Library::error_handler_t::replace);
      return;
    }
    out_ += '"';
    // Most of a text needs no escape, and is copied in pieces.
    std::size_t copied = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
      const char c = text[i];
      if (static_cast<unsigned char>(c) >= ' ' && c != '"' && c != '\\') continue;
      out_.append(text, copied, i - copied);
      out_ += escape_of(c);
      copied = i + 1;
    }
    out_.append(text, copied);
    out_ += '"';
  }

  void put_stored(const std::string& text) {
    for (const char c :
         parse_stored(text).dump(indent_, ' ', false, Library::error_handler_t::replace))
      if (c == '\n') begin_line();  // none of them is in a text, where it would be escaped
      else out_ += c;
  }

  std::string out_;
  int indent_;
  int depth_ = 0;
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
  return JsonPrinter(2).print(*this);
}

std::string Json::compact() const {
  return JsonPrinter(-1).print(*this);
}

void print_json(std::ostream& out, const Json& document) {
  out << document.dump() << '\n';
}

}  // namespace devy::json
