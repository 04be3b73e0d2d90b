#include "core/platform/git/commit_object.hpp"

#include <charconv>

namespace devy::git {
namespace {

// Cuts the first line off, without its end.
std::string_view read_line(std::string_view& bytes) {
  const auto end = bytes.find('\n');
  const auto line = bytes.substr(0, end);
  bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  return line;
}

bool skip_word(std::string_view& line, std::string_view word) {
  if (!line.starts_with(word)) return false;
  line.remove_prefix(word.size());
  return true;
}

// "A Name <address> 1704103200 +0000": a name may contain anything, so the end decides.
std::int64_t seconds_of(std::string_view person) {
  const auto zone = person.rfind(' ');
  if (zone == std::string_view::npos) return 0;
  const auto digits = person.substr(0, zone);
  const auto begin = digits.rfind(' ');
  if (begin == std::string_view::npos) return 0;
  std::int64_t seconds = 0;
  const auto* const end = digits.data() + digits.size();
  const auto parsed = std::from_chars(digits.data() + begin + 1, end, seconds);
  return parsed.ec == std::errc{} && parsed.ptr == end ? seconds : 0;
}

}  // namespace

std::optional<CommitObject> parse_commit_object(std::string_view bytes) {
  CommitObject commit;
  auto line = read_line(bytes);
  if (!skip_word(line, "tree ")) return std::nullopt;
  const auto tree = snapshot::BlobId::parse(line);
  if (!tree) return std::nullopt;
  commit.tree = *tree;
  while (!bytes.empty()) {
    line = read_line(bytes);
    if (line.empty()) break;
    if (skip_word(line, "parent ")) {
      const auto parent = snapshot::CommitId::parse(line);
      if (!parent) return std::nullopt;
      commit.parents.push_back(*parent);
    } else if (skip_word(line, "author ")) {
      commit.authored_at = seconds_of(line);
    } else if (skip_word(line, "committer ")) {
      commit.committed_at = seconds_of(line);
    }
  }
  commit.message = bytes;
  return commit;
}

}  // namespace devy::git
