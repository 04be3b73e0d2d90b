#include "cli/terminal/document_shape.hpp"

#include <algorithm>
#include <memory>
#include <span>
#include <utility>

extern "C" {
#include <jq.h>
}

#include "core/platform/base/closest_name.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/safe_text.hpp"

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr std::size_t document_bytes_max = 1U << 30;
constexpr std::size_t filter_message_bytes_max = 1'024;

// Owns a value of libjq, whose functions consume their arguments.
class JqValue {
 public:
  explicit JqValue(jv value) : value_(value) {}
  JqValue(JqValue&& other) noexcept : value_(other.release()) {}
  JqValue& operator=(JqValue&& other) noexcept {
    std::swap(value_, other.value_);
    return *this;
  }
  JqValue(const JqValue&) = delete;
  JqValue& operator=(const JqValue&) = delete;
  ~JqValue() { jv_free(value_); }
  [[nodiscard]] jv copy() const { return jv_copy(value_); }
  [[nodiscard]] jv release() { return std::exchange(value_, jv_null()); }
  [[nodiscard]] bool is(jv_kind kind) const { return jv_get_kind(value_) == kind; }
  [[nodiscard]] bool is_valid() const { return jv_is_valid(value_) != 0; }

 private:
  jv value_;
};

std::string string_of(const JqValue& string) {
  const JqValue kept(string.copy());
  const auto copy = kept.copy();
  std::string text(jv_string_value(copy),
                   static_cast<std::size_t>(jv_string_length_bytes(jv_copy(copy))));
  jv_free(copy);
  return text;
}

std::string dumped(const JqValue& value, int flags) {
  return string_of(JqValue(jv_dump_string(value.copy(), flags)));
}

JqValue read_document(const std::string& document) {
  JqValue value(jv_parse_sized(document.data(), static_cast<int>(document.size())));
  if (value.is_valid()) return value;
  throw Error(ErrorKind::usage, "unable to shape the output: this verb prints no JSON document",
              "Leave --jq, --sort and --output away.");
}

std::vector<std::string> fields_of(const JqValue& object) {
  std::vector<std::string> fields;
  if (!object.is(JV_KIND_OBJECT)) return fields;
  const JqValue keys(jv_keys_unsorted(object.copy()));
  const int count = jv_array_length(keys.copy());
  for (int i = 0; i < count; ++i)
    fields.push_back(string_of(JqValue(jv_array_get(keys.copy(), i))));
  return fields;
}

JqValue first_element(const JqValue& array) {
  return JqValue(jv_array_length(array.copy()) > 0 ? jv_array_get(array.copy(), 0) : jv_null());
}

// Whole, or as a column's title begins it: "created" is created_at.
std::string find_field(const std::vector<std::string>& fields, std::string name) {
  std::ranges::replace(name, '-', '_');
  if (std::ranges::find(fields, name) != fields.end()) return name;
  std::vector<std::string> begun;
  for (const auto& field : fields)
    if (!name.empty() && field.starts_with(name)) begun.push_back(field);
  if (begun.size() == 1) return begun.front();
  std::string all;
  for (const auto& field : fields)
    all += (all.empty() ? "" : ", ") + field;
  const auto near = base::closest_name(name, std::span<const std::string>(fields));
  throw Error(ErrorKind::usage, "unable to sort by '" + name + "': there is no such field",
              (near ? "Did you mean `" + std::string(*near) + "`? " : std::string()) +
                  "The fields are " + all + ".");
}

JqValue in_reverse(const JqValue& array) {
  JqValue other(jv_array());
  for (int i = jv_array_length(array.copy()); i-- > 0;)
    other = JqValue(jv_array_append(other.release(), jv_array_get(array.copy(), i)));
  return other;
}

// Stable, so that the last name given decides least.
JqValue sorted(JqValue array, const std::vector<std::string>& names) {
  if (!array.is(JV_KIND_ARRAY))
    throw Error(ErrorKind::usage, "unable to sort: the document is no list", "Leave --sort away.");
  if (jv_array_length(array.copy()) == 0) return array;
  const auto fields = fields_of(first_element(array));
  for (auto name = names.rbegin(); name != names.rend(); ++name) {
    const bool is_reversed = name->starts_with('-');
    const auto field = find_field(fields, is_reversed ? name->substr(1) : *name);
    if (is_reversed) array = in_reverse(array);
    JqValue keys(jv_array());
    const int count = jv_array_length(array.copy());
    for (int i = 0; i < count; ++i) {
      const JqValue element(jv_array_get(array.copy(), i));
      auto key = element.is(JV_KIND_OBJECT)
                     ? jv_object_get(element.copy(), jv_string(field.c_str()))
                     : jv_null();
      if (jv_is_valid(key) == 0) {
        jv_free(key);
        key = jv_null();
      }
      keys = JqValue(jv_array_append(keys.release(), key));
    }
    array = JqValue(jv_sort(array.release(), keys.release()));
    if (is_reversed) array = in_reverse(array);
  }
  return array;
}

// Texts as they are, everything else as JSON.
std::string result_line(const JqValue& value, const DocumentShape& shape) {
  if (!value.is(JV_KIND_STRING))
    return dumped(value, shape.is_for_terminal ? JV_PRINT_PRETTY | JV_PRINT_INDENT_FLAGS(2) : 0) +
           "\n";
  const auto text = string_of(value);
  return (shape.is_for_terminal ? base::safe_text(text, text.size()) : text) + "\n";
}

void note_message(void* target, jv message) {
  auto& text = *static_cast<std::string*>(target);
  const JqValue kept(message);
  if (kept.is(JV_KIND_STRING) && text.size() < filter_message_bytes_max)
    text += string_of(kept) + " ";
}

[[noreturn]] void throw_bad_filter(const std::string& message) {
  throw Error(ErrorKind::usage,
              "unable to apply --jq: " + base::safe_text(message, filter_message_bytes_max),
              "The language of filters is that of jq(1).");
}

std::string filtered(JqValue document, const DocumentShape& shape) {
  struct End {
    void operator()(jq_state* state) const { jq_teardown(&state); }
  };
  const std::unique_ptr<jq_state, End> state(jq_init());
  if (state == nullptr) throw Error(ErrorKind::internal, "unable to start jq");
  std::string messages;
  jq_set_error_cb(state.get(), note_message, &messages);
  if (jq_compile(state.get(), shape.jq->c_str()) == 0) throw_bad_filter(messages);
  jq_start(state.get(), document.release(), 0);
  std::string text;
  while (true) {
    JqValue result(jq_next(state.get()));
    if (!result.is_valid()) {
      const JqValue message(jv_invalid_get_msg(result.release()));
      if (message.is(JV_KIND_NULL)) return text;
      throw_bad_filter(message.is(JV_KIND_STRING) ? string_of(message) : dumped(message, 0));
    }
    text += result_line(result, shape);
    if (text.size() > document_bytes_max) throw_bad_filter("its results are larger than 1 GiB");
  }
}

std::string name_line(const JqValue& element, const DocumentShape& shape) {
  const JqValue name(element.is(JV_KIND_OBJECT)
                         ? jv_object_get(element.copy(), jv_string(shape.name_field.c_str()))
                         : jv_null());
  if (!name.is_valid() || name.is(JV_KIND_NULL))
    throw Error(ErrorKind::usage,
                "unable to print names: the document has no field '" + shape.name_field + "'",
                "Choose what is dumped with --jq.");
  return result_line(name, shape);
}

std::string by_element(const JqValue& document, const DocumentShape& shape) {
  const auto line = [&](const JqValue& element) {
    return shape.form == DocumentShape::Form::names ? name_line(element, shape)
                                                    : dumped(element, 0) + "\n";
  };
  if (!document.is(JV_KIND_ARRAY)) return line(document);
  std::string text;
  const int count = jv_array_length(document.copy());
  for (int i = 0; i < count; ++i)
    text += line(JqValue(jv_array_get(document.copy(), i)));
  return text;
}

}  // namespace

std::string shape_document(const std::string& document, const DocumentShape& shape) {
  auto value = read_document(document);
  if (!shape.sort.empty()) value = sorted(std::move(value), shape.sort);
  if (shape.jq) return filtered(std::move(value), shape);
  if (shape.form != DocumentShape::Form::document) return by_element(value, shape);
  return dumped(value, JV_PRINT_PRETTY | JV_PRINT_INDENT_FLAGS(2)) + "\n";
}

DocumentBuffer::int_type DocumentBuffer::overflow(int_type character) {
  if (traits_type::eq_int_type(character, traits_type::eof()))
    return traits_type::not_eof(character);
  const char byte = traits_type::to_char_type(character);
  return xsputn(&byte, 1) == 1 ? character : traits_type::eof();
}

std::streamsize DocumentBuffer::xsputn(const char* bytes, std::streamsize count) {
  if (text_.size() + static_cast<std::size_t>(count) > document_bytes_max) {
    is_over_ = true;
    return 0;
  }
  text_.append(bytes, static_cast<std::size_t>(count));
  return count;
}

}  // namespace devy::cli
