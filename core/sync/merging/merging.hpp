#pragma once
// Brings both sides of pairs together: what GitHub says by the mirror's rows, the base, and the
// record (sync.md, section 4; core/sync/record/merge.hpp), and writes record, version, lost
// versions, base and what is owed. Whoever has heard GitHub applies that to the mirror's rows
// first, and then calls this in the same transaction: an event, an answer to a request, a first
// sync.
//
// Run it inside the caller's transaction, behind the fence of its operation and the mirror's rows;
// it locks pairs, records, and then the resources of outbound operations that it records. Nothing
// is asked of GitHub. Throws what pg::Connection throws. Any thread, each with its own connection.

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/pg/connection.hpp"
#include "core/sync/record/fields.hpp"
#include "core/sync/record/merge.hpp"

namespace devy::merging {

enum class Effect {
  created,    // GitHub's thing has a record now
  applied,    // the record says now what GitHub says
  merged,     // both sides' changes are in it; something may have lost
  unchanged,  // GitHub says what it said before
  gone,       // it is gone there; the pair has ended
  // It was transferred within the project, and the pair went with it: bring it together again, and
  // sync::forget_end() behind the operation's end.
  moved,
  held,     // so many are gone that a person has to look: nothing was changed
  waiting,  // a comment whose task does not exist yet: nothing was changed
  absent,   // the mirror has never had it, or the pair is synced no more: nothing was changed
};
[[nodiscard]] std::string_view to_string(Effect effect);

struct Merging {
  // Kept with the versions that it makes.
  std::optional<base::OperationId> operation = std::nullopt;
  // A person has approved it: a deletion is none of too many.
  bool is_approved = false;
  // The values that a write of ours has asked GitHub for, as the task's or the comment's fields:
  // the answer is compared with that, and an edit made here since is a later one.
  std::optional<record::TaskFields> sent_task = std::nullopt;
  std::optional<std::string> sent_comment = std::nullopt;
  // Whatever is to be sent gets an outbound operation; not where the caller sends it itself.
  bool is_recording = true;
};

struct Result {
  std::string link;  // the record's id
  Effect effect = Effect::absent;
  // GitHub's time and the digest of what it says: the revision of an inbound operation. Absent:
  // it says nothing.
  std::optional<base::TimePoint> at = std::nullopt;
  std::string revision = {};
  std::vector<record::Lost> lost = {};
  // The record's values now, and GitHub's: of a task the fields, of a comment the text.
  record::TaskFields fields = {}, remote = {};
  std::string text = {}, remote_text = {};
  // Fields in which GitHub says something else; "body" of a comment.
  std::set<std::string> to_send = {};
  // Fields in which it does, and which GitHub has refused to take as they are.
  std::set<std::string> refused = {};
};
// By ascending ids. Pairs that do not exist have no result.
[[nodiscard]] std::vector<Result> merge_pairs(pg::Connection& connection,
                                              const config::Config& config,
                                              std::span<const std::string> links,
                                              const Merging& merging);
// Brings one pair together. Throws Error(not_found) where it does not exist.
[[nodiscard]] Result merge_pair(pg::Connection& connection, const config::Config& config,
                                const std::string& link, const Merging& merging);

}  // namespace devy::merging
