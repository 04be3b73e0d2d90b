#include "core/publishing/post/front_matter.hpp"

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

struct Block {
  std::string_view text;
  std::size_t body_offset = 0;
  bool is_closed = false;
  bool has_key = false;
  bool begins_with_key = false;
  bool has_only_comments = true;  // and at least one, unless it is empty
};

Block find_block(std::string_view text, std::string_view fence) {
  const bool is_yaml = fence == "---";
  const std::size_t begin = line_at(text, 0).next;
  Block block;
  for (std::size_t at = begin; at < text.size();) {
    const Line line = line_at(text, at);
    if (line.text == fence || (is_yaml && line.text == "...")) {
      block.text = text.substr(begin, at - begin);
      block.body_offset = line.next;
      block.is_closed = true;
      return block;
    }
    const auto first = line.text.find_first_not_of(" \t");
    if (first != std::string_view::npos && line.text[first] != '#') block.has_only_comments = false;
    const bool is_key = looks_like_key(line.text, is_yaml);
    if (at == begin) block.begins_with_key = is_key;
    block.has_key = block.has_key || is_key;
    at = line.next;
  }
  return block;
}

}  // namespace

std::variant<FrontMatter, FrontMatterProblem> read_front_matter(std::string_view text,
                                                                const Timezone& zone,
                                                                std::size_t block_bytes_max) {
  const Line first = line_at(text, 0);
  const bool is_yaml = first.text == "---";
  if (!is_yaml && first.text != "+++") return FrontMatter{};
  const Block block = find_block(text, first.text);
  if (!block.is_closed) {
    if (!block.begins_with_key) return FrontMatter{};
    return FrontMatterProblem{
        {1, 1}, "front matter is not closed by a line of '" + std::string(first.text) + "'"};
  }
  FrontMatter result;
  if (trim_end(block.text).find_first_not_of(" \t\r\n") == std::string_view::npos) {
    result.body_offset = block.body_offset;
    return result;
  }
  // "{title: x}" is a block as well.
  const bool is_flow = is_yaml && block.text.starts_with('{');
  if (!block.has_key && !is_flow && !block.has_only_comments) return FrontMatter{};
  if (block.text.size() > block_bytes_max)
    return FrontMatterProblem{
        {1, 1}, "front matter is larger than " + std::to_string(block_bytes_max) + " bytes"};
  const auto read = is_yaml ? read_yaml(block.text) : read_toml(block.text);
  if (const auto* failure = std::get_if<ReadFailure>(&read))
    return FrontMatterProblem{failure->place, failure->message};
  const auto& root = std::get<Value>(read);
  if (root.kind == Value::Kind::text) return FrontMatter{};  // prose between two rules
  if (root.kind != Value::Kind::map && root.kind != Value::Kind::null)
    return FrontMatterProblem{root.place, "front matter is not a map of keys"};
  if (auto problem = read_keys(root, zone, result)) return *problem;
  if (root.kind == Value::Kind::map) result.json = to_json(root);
  result.body_offset = block.body_offset;
  return result;
}

}  // namespace devy::post
