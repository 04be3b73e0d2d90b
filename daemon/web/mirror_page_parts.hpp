#pragma once
// Parts that the mirror's pages have in common: how a repository's webhook does, in a word, and how
// far its load is. Belongs to the thread that answers.

#include <map>
#include <string>
#include <vector>

#include "core/mirror/store/console_store.hpp"
#include "core/platform/web/html/page.hpp"
#include "daemon/web/page.hpp"

namespace devy::daemon {

// Facts about the repositories of a page, each read at once for all. By their ids.
struct MirrorFacts {
  std::map<std::int64_t, mirror::RowCounts> counts;
  std::map<std::int64_t, mirror::HookState> hooks;
  std::map<std::int64_t, mirror::OpenLoad> loads;
  std::map<std::int64_t, mirror::LastSwitch> switches;
};
[[nodiscard]] MirrorFacts read_mirror_facts(
    Visit& visit, const std::vector<mirror::OverseenRepository>& repositories);

// on, off, unconfirmed, lost, switching, not loaded.
[[nodiscard]] std::string hook_word(const mirror::Repository& repository, const MirrorFacts& facts);
// Nothing was ever read of it.
[[nodiscard]] bool is_unloaded(const mirror::Repository& repository);
// When the last of its lists was read whole that was read first; nothing: one never was.
[[nodiscard]] std::optional<base::TimePoint> read_whole_at(const mirror::Repository& repository);
// "4 min", or "never".
[[nodiscard]] std::string age_or_never(const std::optional<base::TimePoint>& time,
                                       base::TimePoint now);

// A trouble that people can do something about, as a note above the page.
struct MirrorProblem {
  std::string mark, title, text;
};
// The trouble with the repository's webhook; nothing: all is well.
[[nodiscard]] std::optional<MirrorProblem> hook_problem(const Visit& visit,
                                                        const mirror::Repository& repository,
                                                        const MirrorFacts& facts);

// An act of a row: the field that names it, and its button.
struct MirrorAct {
  std::string_view name, words;
};
[[nodiscard]] std::vector<MirrorAct> mirror_acts(const mirror::Repository& repository,
                                                 const MirrorFacts& facts);

// Fills part_load, and makes it live.
void fill_mirror_load(html::Fill& fill, const Visit& visit, const mirror::Repository& repository,
                      const mirror::OpenLoad& load);

}  // namespace devy::daemon
