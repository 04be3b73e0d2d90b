#pragma once
// Both sides' changes since they were compared last, brought together (sync.md, section 4): a
// three-way merge by field, without any clock. Values; pure; any thread.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "core/sync/record/fields.hpp"

namespace devy::record {

enum class Winner { github, local };

// A side's value that the other's took the place of.
struct Lost {
  std::string field;
  bool is_local = false;  // ours lost; otherwise GitHub's
};

struct Merged {
  TaskFields fields;  // what both sides are to say now
  std::vector<Lost> lost;
  // Fields in which `fields` differs from what GitHub says: they are owed to it.
  std::set<std::string> to_send;
  bool is_changed = false;  // `fields` differs from what was here
  // Both sides' changes are in the body.
  bool is_body_joined = false;
};

// All three in our words. `joins_bodies`: bodies that both sides changed are joined line by line
// where the changes do not touch.
[[nodiscard]] Merged merge(const TaskFields& base, const TaskFields& local,
                           const TaskFields& remote, Winner winner, bool joins_bodies);

struct MergedText {
  std::string text;
  std::optional<Lost> lost;
  bool is_to_send = false, is_changed = false, is_joined = false;
};
[[nodiscard]] MergedText merge(std::string_view base, std::string_view local,
                               std::string_view remote, Winner winner, bool joins_bodies);

// Line merge as diff3 does it; nothing where changes touch. Property: what `git merge-file` joins
// without a conflict, this joins alike. Texts above the named limit are not joined.
inline constexpr std::size_t join_lines_max = 5'000;
[[nodiscard]] std::optional<std::string> join_lines(std::string_view base, std::string_view local,
                                                    std::string_view remote);

}  // namespace devy::record
