#include "core/platform/queue/batch.hpp"

#include "core/platform/base/error.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/read_row.hpp"

namespace devy::queue {
namespace {

constexpr pg::Statement ingest_operations{"ingest_operations", R"sql(
  select o_place, o_is_busy, o_id, o_state, o_pointer, o_is_new
    from operations_ingest(
      p_id => $1::uuid[],
      p_kind => $2::text[],
      p_resource_kind => $3::text[],
      p_key => $4::text[],
      p_owner => $5::text[],
      p_event_id => $6::text[],
      p_event_at => $7::timestamptz[],
      p_revision => $8::text[],
      p_variant => $9::text[],
      p_lane => $10::text[],
      p_direction => $11::text[],
      p_priority => $12::smallint[],
      p_max_attempts => $13::integer[],
      p_is_forced => $14::boolean[],
      p_idempotency_key => $15::text[],
      p_source => $16::text,
      p_requested_by => nullif($17::text, ''),
      p_reason => nullif($18::text, ''),
      p_waits_for_locks => $19::boolean))sql",
                                          true};

using Column = std::vector<std::optional<std::string>>;

struct Columns {
  Column id, kind, resource_kind, resource_key, owner, event_id, event_at, revision, variant, lane,
      direction, priority, max_attempts, is_forced, idempotency_key;

  void add(const BatchEntry& entry) {
    id.emplace_back(entry.id.text());
    kind.emplace_back(entry.kind);
    resource_kind.emplace_back(entry.resource_kind);
    resource_key.emplace_back(entry.resource_key);
    owner.push_back(entry.owner);
    event_id.push_back(entry.event_id);
    event_at.push_back(entry.event_at ? std::optional(base::format_rfc3339(*entry.event_at))
                                      : std::nullopt);
    revision.push_back(entry.revision);
    variant.emplace_back(entry.variant);
    lane.emplace_back(entry.lane);
    direction.emplace_back(to_string(entry.direction));
    priority.emplace_back(std::to_string(entry.priority));
    max_attempts.emplace_back(std::to_string(entry.max_attempts));
    is_forced.emplace_back(entry.is_forced ? "t" : "f");
    idempotency_key.push_back(entry.idempotency_key);
  }
};

}  // namespace

std::vector<BatchIngested> ingest_batch(pg::Connection& connection,
                                        const std::vector<BatchEntry>& entries,
                                        const BatchOptions& options) {
  if (entries.empty()) return {};
  Columns of;
  for (const auto& entry : entries)
    of.add(entry);
  const auto rows = connection.query(
      ingest_operations,
      pg::Params(of.id, of.kind, of.resource_kind, of.resource_key, of.owner, of.event_id,
                 of.event_at, of.revision, of.variant, of.lane, of.direction, of.priority,
                 of.max_attempts, of.is_forced, of.idempotency_key, to_string(options.source),
                 options.requested_by, options.reason, options.waits_for_locks));
  if (static_cast<std::size_t>(rows.size()) != entries.size())
    throw base::Error(base::ErrorKind::internal,
                      "unable to record operations: not every one was answered");
  std::vector<BatchIngested> answers(entries.size());
  for (const auto row : rows) {
    auto& answer = answers.at(static_cast<std::size_t>(row.integer("o_place") - 1));
    answer.is_busy = row.boolean("o_is_busy");
    if (answer.is_busy) continue;
    answer.ingested = Ingested{read_id(row, "o_id"), read_state(row, "o_state"),
                               read_maybe_id(row, "o_pointer"), row.boolean("o_is_new")};
  }
  return answers;
}

}  // namespace devy::queue
