#include "core/publishing/post/front_matter.hpp"

#include <algorithm>

#include "core/platform/base/ascii.hpp"
#include "core/publishing/post/front_matter_keys.hpp"
#include "core/publishing/post/front_matter_reader.hpp"

namespace devy::post {
namespace {

std::string_view trim_end(std::string_view line) {
  while (!line.empty() && (line.back() == ' ' || line.back() == '\t' || line.back() == '\r'))
    line.remove_suffix(1);
  return line;
}

struct Line {
  std::string_view text;  // without its end and the space before that
  std::size_t next = 0;   // where the following line begins
};

Line line_at(std::string_view text, std::size_t at) {
  const auto end = text.find('\n', at);
  const auto stop = end == std::string_view::npos ? text.size() : end;
  return {trim_end(text.substr(at, stop - at)), stop == text.size() ? stop : stop + 1};
}

// "key:" for YAML, "key =" or "[table]" for TOML, at the start of a line.
bool looks_like_key(std::string_view line, bool is_yaml) {
  if (line.starts_with('"') || line.starts_with('\'')) line.remove_prefix(1);
  if (!is_yaml && line.starts_with('[')) return line.ends_with(']');
  std::size_t length = 0;
  const auto is_name_byte = [](char c) {
    return base::is_letter_or_digit(c) || c == '_' || c == '-' || c == '.' ||
           static_cast<signed char>(c) < 0;
  };
  while (length < line.size() && is_name_byte(line[length]))
    ++length;
  if (length == 0) return false;
  std::string_view rest = line.substr(length);
  if (rest.starts_with('"') || rest.starts_with('\'')) rest.remove_prefix(1);
  while (rest.starts_with(' '))
    rest.remove_prefix(1);
  if (!is_yaml) return rest.starts_with('=');
  return rest == ":" || rest.starts_with(": ") || rest.starts_with(":\t");
}

// A first line of which an author meant a key: indented, or with YAML's colon between lines of
// "+++".
bool means_key(std::string_view line, bool is_yaml) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
  if (looks_like_key(line, is_yaml)) return true;
  return !is_yaml && (looks_like_key(line, true) || line.find('=') != std::string_view::npos);
}

// "----", " ---", "—": what somebody takes for the closing line.
bool resembles_fence(std::string_view line, bool is_yaml) {
  constexpr std::size_t marks_min = 2;
  constexpr std::size_t dash_bytes = 3;  // of "–" and "—"
  std::size_t marks = 0;
  while (line.starts_with(' '))
    line.remove_prefix(1);
  while (!line.empty()) {
    const bool is_dash = is_yaml && (line.starts_with("–") || line.starts_with("—"));
    if (!is_dash && line.front() != (is_yaml ? '-' : '+')) return false;
    marks += is_dash ? marks_min : 1;
    line.remove_prefix(is_dash ? dash_bytes : 1);
  }
  return marks >= marks_min;
}

struct Block {
  std::string_view text;
  std::size_t body_offset = 0;
  bool is_closed = false;
  bool has_key = false;
  bool begins_with_key = false;
  bool has_only_comments = true;  // and at least one, unless it is empty
  // The first line that looks like the closing one; 0: there is none.
  std::uint32_t nearly_closed_line = 0;
};

Block find_block(std::string_view text, std::string_view fence) {
  const bool is_yaml = fence == "---";
  const std::size_t begin = line_at(text, 0).next;
  Block block;
  std::uint32_t number = 1;
  for (std::size_t at = begin; at < text.size();) {
    const Line line = line_at(text, at);
    ++number;
    if (line.text == fence || (is_yaml && line.text == "...")) {
      block.text = text.substr(begin, at - begin);
      block.body_offset = line.next;
      block.is_closed = true;
      return block;
    }
    if (block.nearly_closed_line == 0 && resembles_fence(line.text, is_yaml))
      block.nearly_closed_line = number;
    const auto first = line.text.find_first_not_of(" \t");
    if (first != std::string_view::npos && line.text[first] != '#') block.has_only_comments = false;
    const bool is_key = looks_like_key(line.text, is_yaml);
    if (at == begin) block.begins_with_key = is_key;
    block.has_key = block.has_key || is_key || (at == begin && means_key(line.text, is_yaml));
    at = line.next;
  }
  return block;
}

using Result = std::variant<FrontMatter, FrontMatterProblem>;

FrontMatterProblem not_closed(const Block& block, std::string_view fence) {
  const std::string line = "'" + std::string(fence) + "'";
  if (block.nearly_closed_line == 0)
    return {{1, 1},
            "front matter is not closed by a line of " + line + "; put one below the last key"};
  return {{block.nearly_closed_line, 1},
          "front matter is not closed: this line must be " + line + " and nothing else"};
}

FrontMatterProblem too_large(std::size_t bytes_max) {
  return {{1, 1}, "front matter is larger than " + std::to_string(bytes_max) + " bytes"};
}

Result finish(const std::variant<Value, ReadFailure>& read, const Timezone& zone,
              FrontMatter result) {
  if (const auto* failure = std::get_if<ReadFailure>(&read)) return *failure;
  const auto& root = std::get<Value>(read);
  if (root.kind == Value::Kind::text) return FrontMatter{};  // prose between two rules
  if (root.kind != Value::Kind::map && root.kind != Value::Kind::null)
    return FrontMatterProblem{root.place, "front matter is not a map of keys"};
  read_keys(root, zone, result);
  if (root.kind == Value::Kind::map) result.json = to_json(root);
  return result;
}

Result read_json(std::string_view text, const Timezone& zone, std::size_t bytes_max) {
  const bool is_cut = text.size() > bytes_max;
  const auto block = read_json_block(text.substr(0, bytes_max));
  if (!block) return FrontMatter{};
  const bool has_failed = std::holds_alternative<ReadFailure>(block->read);
  if (has_failed && is_cut && std::get<ReadFailure>(block->read).place.line == 1)
    return too_large(bytes_max);
  FrontMatter result;
  const Line last = line_at(text, block->end);
  // An object in a line of text.
  if (!has_failed && last.text.find_first_not_of(" \t") != std::string_view::npos) return result;
  result.body_offset = last.next;
  return finish(block->read, zone, std::move(result));
}

// Somebody put the opening line twice: the keys would be shown as text, a draft's too.
bool has_doubled_fence(std::string_view text, const Block& block, std::string_view fence) {
  if (!block.text.empty()) return false;
  const Block second = find_block(text.substr(line_at(text, 0).next), fence);
  return second.is_closed && second.begins_with_key;
}

}  // namespace

std::variant<FrontMatter, FrontMatterProblem> read_front_matter(std::string_view text,
                                                                const Timezone& zone,
                                                                std::size_t block_bytes_max) {
  if (text.starts_with('{')) return read_json(text, zone, block_bytes_max);
  const Line first = line_at(text, 0);
  const bool is_yaml = first.text == "---";
  if (!is_yaml && first.text != "+++") return FrontMatter{};
  const Block block = find_block(text, first.text);
  if (!block.is_closed) {
    if (!block.begins_with_key) return FrontMatter{};
    return not_closed(block, first.text);
  }
  FrontMatter result;
  result.body_offset = block.body_offset;
  if (has_doubled_fence(text, block, first.text))
    return FrontMatterProblem{{2, 1}, "front matter has its opening line twice; take one away"};
  if (trim_end(block.text).find_first_not_of(" \t\r\n") == std::string_view::npos) return result;
  // "{title: x}" is a block as well.
  const bool is_flow = is_yaml && block.text.starts_with('{');
  if (!block.has_key && !is_flow && !block.has_only_comments) return FrontMatter{};
  if (block.text.size() > block_bytes_max) return too_large(block_bytes_max);
  const auto read = is_yaml ? read_yaml(block.text, result.warnings) : read_toml(block.text);
  return finish(read, zone, std::move(result));
}

}  // namespace devy::post
