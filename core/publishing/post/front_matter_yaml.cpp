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
#include "core/publishing/post/yaml_advice.hpp"
#include "core/publishing/post/yaml_text.hpp"

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

constexpr std::size_t value_shown_bytes_max = 60;

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

// The tags of YAML's own kinds, as yaml-cpp spells them: "!!str" and the like.
bool is_known_tag(std::string_view tag) {
  return tag.empty() || tag == "?" || tag == "!" || tag.starts_with("tag:yaml.org,2002:");
}

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const YamlText& text, std::vector<ReadFailure>& warnings)
      : text_(text), warnings_(warnings) {}

  [[nodiscard]] Value read_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark&) override {}
  void OnDocumentEnd() override {
    for (const auto& [anchor, unused] : unused_anchors_)
      warn_of_prefix(unused.place, "&" + unused.name);
  }
  void OnAnchor(const YAML::Mark&, const std::string& name) override { anchor_name_ = name; }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Value value;
    value.place = to_place(mark);
    is_plain_ = true;
    finish(std::move(value), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    // An anchor is known when its value is complete: what contains itself is refused here.
    if (found == anchors_.end())
      throw TooMuch{{to_place(mark), "front matter has an alias inside its own anchor"}};
    unused_anchors_.erase(anchor);
    is_plain_ = false;
    count(found->second, mark, open_.size());
    finish(Value(found->second), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& text) override {
    Value value;
    value.place = to_place(mark);
    is_plain_ = tag == "?";
    if (tag == "!") check_quote(value.place);
    if (!is_known_tag(tag)) warn_of_prefix(value.place, tag);
    if (anchor != 0) unused_anchors_.emplace(anchor, Anchor{value.place, anchor_name_});
    value.kind = is_plain_ ? kind_of(text) : Value::Kind::text;
    value.text = as_utf8(text);
    if (value.kind == Value::Kind::boolean) value.text = base::to_lower(value.text);
    count(value, mark, open_.size());
    finish(std::move(value), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override {
    begin(Value::Kind::list, mark, anchor, style);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override {
    begin(Value::Kind::map, mark, anchor, style);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    Value value;
    YAML::anchor_t anchor = 0;
    bool is_flow = false;  // in brackets or braces
    std::optional<std::string> key{};
    markdown::Place key_place{};
    bool is_merge = false;        // the key is a plain "<<"
    std::vector<Value> merged{};  // the maps of such keys, the first before the second
  };

  struct Anchor {
    markdown::Place place;
    std::string name;
  };

  // yaml-cpp takes the end of the block for the end of a quoted value.
  void check_quote(markdown::Place place) const {
    std::string_view rest = text_.from(place);
    // An anchor or a tag may stand before it.
    while (rest.starts_with('&') || rest.starts_with('!')) {
      const auto next =
          rest.find_first_not_of(" \t", std::min(rest.find_first_of(" \t"), rest.size()));
      rest = next == std::string_view::npos ? std::string_view() : rest.substr(next);
    }
    if (!rest.starts_with('"') && !rest.starts_with('\'')) return;
    const auto length = quoted_length(rest);
    if (!length || takes_in_key(rest.substr(0, *length), place.line - 1))
      throw TooMuch{unreadable(place, unclosed_quote)};
  }

  // A quote further below closed it, or one that begins another value. YAML wants the lines of a
  // value indented; yaml-cpp does not.
  [[nodiscard]] bool takes_in_key(std::string_view quoted, std::size_t next_line) const {
    const auto lines = static_cast<std::size_t>(std::ranges::count(quoted, '\n'));
    for (std::size_t i = next_line; i < next_line + lines; ++i) {
      const auto line = text_.line(i);
      if (line.has_key && line.indent == 0) return true;
    }
    return false;
  }

  // yaml-cpp takes a line of words without a colon for a key without a value.
  void check_key(const Value& key) const {
    const std::string_view rest = text_.from(key.place);
    const auto is_alone = [&] {
      if (!rest.starts_with(key.text)) return true;  // on several lines
      const auto next = rest.find_first_not_of(" \t", key.text.size());
      return next == std::string_view::npos || rest[next] != ':';
    };
    // Behind an anchor or a tag it does not begin here.
    if (!is_plain_ || rest.empty() ||
        std::string_view("?&!").find(rest.front()) != std::string::npos)
      return;
    if (key.text.empty() ? rest.starts_with(':') : is_alone() && !has_question_mark(key.place))
      throw TooMuch{unreadable(key.place, no_colon)};
  }

  // "title: #1 in the charts" has no value for YAML. A comment has a space behind its '#'.
  void check_comment(markdown::Place key) {
    const auto line = text_.line(key.line - 2);
    const auto value = line.value_text();
    if (!line.has_key || value.size() < 2 || value[0] != '#') return;
    if (value[1] == ' ' || value[1] == '#' || value[1] == '\t') return;
    warn_of_prefix(YamlText::place(key.line - 2, line.value), value);
  }

  [[nodiscard]] bool has_question_mark(markdown::Place place) const {
    const auto line = text_.line(place.line - 2).text.substr(0, place.column - 1);
    const auto last = line.find_last_not_of(" \t");
    return last != std::string_view::npos && line[last] == '?';
  }

  // "&co" and "!important" before a value are not part of it.
  void warn_of_prefix(markdown::Place place, std::string_view prefix) {
    constexpr std::size_t warnings_max = 100;
    if (warnings_.size() < warnings_max)
      warnings_.push_back({place, base::in_quotes(prefix, value_shown_bytes_max) +
                                      " is left out: at the beginning of a value it is no text; "
                                      "put the value in quotes"});
  }

  void begin(Value::Kind kind, const YAML::Mark& mark, YAML::anchor_t anchor,
             YAML::EmitterStyle::value style) {
    Value value;
    value.kind = kind;
    value.place = to_place(mark);
    count(value, mark, open_.size());
    open_.push_back({std::move(value), anchor, style == YAML::EmitterStyle::Flow});
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
        throw TooMuch{
            {value.place, "front matter has a key that is no plain text; put the value in quotes"}};
      if (!parent.is_flow) check_key(value);
      parent.is_merge = is_plain_ && value.text == "<<";
      parent.key_place = value.place;
      parent.key = std::move(value.text);
    } else if (parent.is_merge && add_merged(parent, value)) {
      parent.key.reset();
    } else {
      if (value.kind == Value::Kind::null && !parent.is_flow) check_comment(parent.key_place);
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

  const YamlText& text_;
  std::vector<ReadFailure>& warnings_;
  std::string anchor_name_;
  std::map<YAML::anchor_t, Anchor> unused_anchors_;  // of single values
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Value> anchors_;
  std::size_t values_ = 0, bytes_ = 0;
  bool is_plain_ = false;  // the last scalar was written without quotes
  Value root_;
};

}  // namespace

std::variant<Value, ReadFailure> read_yaml(std::string_view block,
                                           std::vector<ReadFailure>& warnings) {
  BorrowedBuffer buffer(block);
  std::istream stream(&buffer);
  const YamlText text(block);
  TreeBuilder builder(text, warnings);
  try {
    YAML::Parser parser(stream);
    parser.HandleNextDocument(builder);
    Value root = builder.read_root();
    // Lines that fit no map above become a document of their own, which nobody would read.
    std::vector<ReadFailure> unread;
    TreeBuilder rest(text, unread);
    if (parser.HandleNextDocument(rest))
      return advise(text, {rest.read_root().place, "more than one document"});
    return root;
  } catch (const TooMuch& error) {
    return error.failure;
  } catch (const YAML::Exception& error) {
    return advise(text, {to_place(error.mark), error.msg});
  }
}

}  // namespace devy::post
