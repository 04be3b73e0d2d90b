// YAML by yaml-cpp's event interface: no node graph is built, so that depth and aliases are counted
// while they come, and each value keeps its place.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>
#include <set>
#include <streambuf>
#include <utility>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/publishing/post/front_matter_reader.hpp"

namespace devy::post {
namespace {

// Yaml-cpp reads streams; this one borrows the block instead of copying it.
class BorrowedBuffer : public std::streambuf {
 public:
  explicit BorrowedBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // NOLINT: a get area is never written to
    setg(begin, begin, begin + text.size());
  }
};

markdown::Place to_place(const YAML::Mark& mark) {
  // The block's first line is the file's second.
  return {static_cast<std::uint32_t>(std::max(mark.line, 0) + 2),
          static_cast<std::uint32_t>(std::max(mark.column, 0) + 1)};
}

struct TooMuch {
  ReadFailure failure;
};

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::find(words, text) != words.end();
}

bool is_integer(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return !text.empty() && text.size() < 19 && std::ranges::all_of(text, base::is_digit) &&
         (text.size() == 1 || text.front() != '0');
}

bool is_real(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  bool has_digit = false;
  bool has_point = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (base::is_digit(text[i])) has_digit = true;
    else if (text[i] == '.' && !has_point) has_point = true;
    else return false;
  }
  return has_digit && has_point;
}

// YAML 1.2's core schema for plain scalars; exponents and other bases stay text.
Value::Kind kind_of(std::string_view plain) {
  if (is_one_of(plain, {"", "~", "null", "Null", "NULL"})) return Value::Kind::null;
  if (is_one_of(plain, {"true", "True", "TRUE", "false", "False", "FALSE"}))
    return Value::Kind::boolean;
  if (is_integer(plain)) return Value::Kind::integer;
  if (is_real(plain)) return Value::Kind::real;
  return Value::Kind::text;
}

// yaml-cpp writes the escapes "\\N" and "\\_" as the single Latin-1 bytes 0x85 and 0xA0. Bytes that
// are not UTF-8 are therefore taken for these.
std::string as_utf8(std::string_view text) {
  std::string whole;
  while (!text.empty()) {
    const auto length = base::utf8_length(text.substr(0, 4));
    if (length != 0) {
      whole += text.substr(0, length);
    } else {
      const auto byte = static_cast<unsigned char>(text.front());
      whole += static_cast<char>(0xc0U | (byte >> 6U));
      whole += static_cast<char>(0x80U | (byte & 0x3fU));
    }
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return whole;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  [[nodiscard]] Value read_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Value value;
    value.place = to_place(mark);
    finish(std::move(value), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    // An anchor is known when its value is complete: what contains itself is refused here.
    if (found == anchors_.end())
      throw TooMuch{{to_place(mark), "front matter has an alias inside its own anchor"}};
    count(found->second, mark, open_.size());
    finish(Value(found->second), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    Value value;
    value.place = to_place(mark);
    is_plain_ = tag == "?";
    value.kind = is_plain_ ? kind_of(text) : Value::Kind::text;
    value.text = as_utf8(text);
    if (value.kind == Value::Kind::boolean) value.text = base::to_lower(value.text);
    count(value, mark, open_.size());
    finish(std::move(value), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(Value::Kind::list, mark, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(Value::Kind::map, mark, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    Value value;
    YAML::anchor_t anchor = 0;
    std::optional<std::string> key;
    bool is_merge = false;        // the key is a plain "<<"
    std::vector<Value> merged{};  // the maps of such keys, the first before the second
  };

  void begin(Value::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor) {
    Value value;
    value.kind = kind;
    value.place = to_place(mark);
    count(value, mark, open_.size());
    open_.push_back({std::move(value), anchor, std::nullopt});
  }

  void end() {
    Open closed = std::move(open_.back());
    open_.pop_back();
    merge(closed);
    finish(std::move(closed.value), closed.anchor);
  }

  // The map's own keys stand above those of the maps that it merges, and an earlier one of these
  // above a later one.
  static void merge(Open& map) {
    if (map.merged.empty()) return;
    std::set<std::string> keys;
    for (const auto& member : map.value.members)
      keys.insert(member.key);
    for (auto& merged : map.merged)
      for (auto& member : merged.members)
        if (keys.insert(member.key).second) map.value.members.push_back(std::move(member));
  }

  // False for what is neither a map nor a list of maps: it is kept under its key.
  static bool add_merged(Open& map, Value& value) {
    const auto is_map = [](const Value& each) { return each.kind == Value::Kind::map; };
    if (is_map(value)) {
      map.merged.push_back(std::move(value));
      return true;
    }
    if (value.kind != Value::Kind::list || !std::ranges::all_of(value.items, is_map)) return false;
    for (auto& item : value.items)
      map.merged.push_back(std::move(item));
    return true;
  }

  void finish(Value value, YAML::anchor_t anchor) {
    if (anchor != 0) anchors_[anchor] = value;
    if (open_.empty()) {
      root_ = std::move(value);
      return;
    }
    Open& parent = open_.back();
    if (parent.value.kind == Value::Kind::list) {
      parent.value.items.push_back(std::move(value));
    } else if (!parent.key) {
      if (!value.is_scalar())
        throw TooMuch{{value.place, "front matter has a key that is no plain text"}};
      parent.is_merge = is_plain_ && value.text == "<<";
      parent.key = std::move(value.text);
    } else if (parent.is_merge && add_merged(parent, value)) {
      parent.key.reset();
    } else {
      parent.value.members.push_back({*std::exchange(parent.key, std::nullopt), std::move(value)});
    }
  }

  // Adds up the size of the resulting tree; an alias counts, and nests, like everything it refers
  // to.
  void count(const Value& value, const YAML::Mark& mark, std::size_t depth) {
    ++values_;
    bytes_ += value.text.size();
    if (values_ > value_count_max || bytes_ > value_bytes_max)
      throw TooMuch{{to_place(mark), "front matter is too large once its aliases are expanded"}};
    if (!value.is_scalar() && depth >= value_depth_max)
      throw TooMuch{{to_place(mark), "front matter is nested more than " +
                                         std::to_string(value_depth_max) + " levels deep"}};
    for (const auto& item : value.items)
      count(item, mark, depth + 1);
    for (const auto& [key, member] : value.members) {
      bytes_ += key.size();
      count(member, mark, depth + 1);
    }
  }

  std::vector<Open> open_;
  std::map<YAML::anchor_t, Value> anchors_;
  std::size_t values_ = 0, bytes_ = 0;
  bool is_plain_ = false;  // the last scalar was written without quotes
  Value root_;
};

// Yaml-cpp's texts are lower case without a full stop, but for a few.
std::string tidy(std::string message) {
  while (!message.empty() && (message.back() == '.' || message.back() == '\n'))
    message.pop_back();
  return "unable to read the front matter: " + message;
}

}  // namespace

std::variant<Value, ReadFailure> read_yaml(std::string_view block) {
  BorrowedBuffer buffer(block);
  std::istream stream(&buffer);
  TreeBuilder builder;
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
  } catch (const TooMuch& error) {
    return error.failure;
  } catch (const YAML::Exception& error) {
    return ReadFailure{to_place(error.mark), tidy(error.msg)};
  }
  return builder.read_root();
}

}  // namespace devy::post
