#include "core/sync/store/record_state.hpp"

#include <algorithm>
#include <array>

#include "core/sync/store/connection_store.hpp"

namespace devy::sync {
namespace {

constexpr pg::Statement select_record_states{"select_record_states", R"sql(
  select s.record_id, s.kind, s.state, coalesce(s.direction, '') as direction,
         coalesce(s.operation_id::text, '') as operation, s.operation_since, s.not_before,
         s.gate_reason, s.gone_at, coalesce(s.gone_reason, '') as gone_reason,
         coalesce(s.connection_reason, '') as connection_reason,
         coalesce(s.error_code, '') as error_code, coalesce(s.error_text, '') as error_text,
         coalesce(s.error_hint, '') as error_hint, coalesce(s.repository, '') as repository,
         s.github_key, s.github_id, s.github_updated_at, s.task_number, s.owed,
         array(select jsonb_object_keys(s.refused)) as refused,
         coalesce(t.is_pull_request, false) as is_pull_request,
         case when s.state in ('queued', 'waiting_limit', 'checking') and s.lane is not null
              then (select count(*) from (
                      select from operation w
                       where w.lane = s.lane and w.owner = s.owner and w.state = 'verified'
                         and w.direction = s.direction
                         and (w.priority, w.run_at, w.arrival) < (s.priority, s.run_at, s.arrival)
                       limit 10000) ahead)
         end as position
    from record_sync s
    left join task t on t.id = coalesce((select l.parent_id from sync_link l where l.id = s.record_id), s.record_id)
   where s.record_id = any ($1::uuid[]))sql"};

constexpr pg::Statement select_lost_fields{"select_lost_fields", R"sql(
  select v.record_id, v.version, v.at, k.field,
         coalesce(p.o_username, p.o_github_login, '') as written_by
    from (select v.*, row_number() over (partition by v.record_id order by v.version desc) as place
            from record_version v where v.record_id = any ($1::uuid[]) and v.is_lost) v
    cross join lateral jsonb_object_keys(v.fields) k (field)
    left join lateral person_named(v.author_id, v.github_author_id) p on true
   where v.place <= $2::integer and k.field <> 'state_reason'
   order by v.version desc, k.field)sql"};

struct Words {
  const char* state;
  const char* words;
  bool is_at_rest, is_well;
};
constexpr std::array words{
    Words{"local", "is of this site alone", true, true},
    Words{"queued", "waits to be sent to GitHub", false, false},
    Words{"sending", "is being sent to GitHub", false, false},
    Words{"checking", "is being compared with GitHub", false, false},
    Words{"synced", "says the same at GitHub", true, true},
    Words{"waiting_limit", "waits for a limit of GitHub's", false, false},
    Words{"conflict", "was changed on both sides, and one of the changes lost", true, true},
    Words{"refused", "has something that GitHub did not accept", true, false},
    Words{"blocked", "is not synced before somebody acts", true, false},
    Words{"disabled", "is not synced, because the repository is disconnected", true, false},
    Words{"gone", "exists at GitHub no more", true, false},
    Words{"held", "waits for a person's approval", true, false},
    Words{"failed", "could not be synced", true, false},
};

const Words& words_of(const std::string& state) {
  static constexpr Words unknown{"", "is in an unknown state", false, false};
  const auto* found =
      std::ranges::find_if(words, [&](const auto& known) { return known.state == state; });
  return found == words.end() ? unknown : *found;
}

std::string joined(const std::vector<std::string>& parts) {
  std::string text;
  for (const auto& part : parts)
    text += (text.empty() ? "" : ", ") + part;
  return text;
}

StateReason gone_reason_of(const std::string& code) {
  if (code == "unlinked") return {code, "it was deleted here, and is not kept equal any more", ""};
  if (code == "transferred") return {code, "the issue was moved to another repository", ""};
  if (code == "repository_deleted") return {code, "its repository was deleted at GitHub", ""};
  if (code == "access_lost")
    return {code, "GitHub does not show it any more", "Give the App or the token access again."};
  return {code, "it was deleted at GitHub", "What it said stays here."};
}

std::optional<StateReason> reason_of(const pg::Row& row, const std::string& state) {
  if (state == "gone") return gone_reason_of(row.text("gone_reason"));
  if (state == "disabled" || state == "blocked") {
    const auto code = row.text("connection_reason");
    const auto text = explain_reason(code);
    return StateReason{code, text.message, text.hint};
  }
  if (state == "waiting_limit") return StateReason{"limit", row.text("gate_reason"), ""};
  if (state == "refused")
    return StateReason{"refused", "GitHub did not accept: " + joined(row.texts("refused")),
                       "Change it, or have it sent again with `task sync`."};
  if (state == "conflict")
    return StateReason{"conflict", "both sides changed it, and one change lost",
                       "Restore the lost version if it was right."};
  const auto code = row.text("error_code");
  const bool is_told =
      state == "failed" || state == "held" || state == "queued" || state == "checking";
  if (!is_told || code.empty()) return std::nullopt;
  return StateReason{code, row.text("error_text"), row.text("error_hint")};
}

RecordState read_record_state(const pg::Row& row, std::chrono::seconds gap) {
  RecordState state;
  state.state = row.text("state");
  state.direction = row.text("direction");
  state.operation = row.text("operation");
  state.since =
      state.state == "gone" ? row.maybe_time("gone_at") : row.maybe_time("operation_since");
  state.not_before = row.maybe_time("not_before");
  state.position = row.maybe_integer("position");
  if (state.position) {
    state.eta = *state.position * gap;
    if (const auto until = state.not_before)
      *state.eta +=
          std::max(std::chrono::seconds(0),
                   std::chrono::ceil<std::chrono::seconds>(*until - base::system_clock().now()));
  }
  state.reason = reason_of(row, state.state);
  state.repository = row.text("repository");
  state.github_key = row.maybe_integer("github_key");
  state.github_id = row.maybe_integer("github_id");
  state.github_updated_at = row.maybe_time("github_updated_at");
  state.task_number = row.maybe_integer("task_number");
  state.is_comment = row.view("kind") == "comment";
  state.is_pull_request = row.boolean("is_pull_request");
  return state;
}

}  // namespace

std::string RecordState::url(const std::string& site) const {
  if (!github_key || repository.empty()) return {};
  const auto number = is_comment ? task_number : github_key;
  if (!number) return {};
  return site + "/" + repository + (is_pull_request ? "/pull/" : "/issues/") +
         std::to_string(*number) +
         (is_comment ? "#issuecomment-" + std::to_string(*github_key) : "");
}

std::map<std::string, RecordState> read_states(pg::Connection& connection,
                                               const std::vector<std::string>& ids,
                                               std::chrono::seconds gap) {
  std::map<std::string, RecordState> states;
  for (const auto& id : ids)
    states.emplace(id, RecordState());
  for (const auto row : connection.query(select_record_states, pg::Params(ids)))
    states[row.text("record_id")] = read_record_state(row, gap);
  for (const auto row : connection.query(select_lost_fields, pg::Params(ids, lost_shown_max)))
    states[row.text("record_id")].lost.push_back({row.text("field"), row.time("at"),
                                                  row.text("written_by"),
                                                  static_cast<int>(row.integer("version"))});
  return states;
}

json::Json sync_json(const RecordState& state, const std::string& site) {
  using json::Json;
  auto lost = json::json_array(state.lost, [](const LostField& one) {
    return Json::object({{"field", one.field},
                         {"at", one.at},
                         {"by", one.by.empty() ? Json() : Json(one.by)},
                         {"version", one.version}});
  });
  Json reason, github;
  if (state.reason)
    reason =
        Json::object({{"code", state.reason->code},
                      {"message", state.reason->message},
                      {"hint", state.reason->hint.empty() ? Json() : Json(state.reason->hint)}});
  if (!state.repository.empty()) {
    const auto url = state.url(site);
    github = Json::object({{"repository", state.repository},
                           {"number", state.is_comment ? state.task_number : state.github_key},
                           {"id", state.is_comment ? state.github_key : state.github_id},
                           {"url", url.empty() ? Json() : Json(url)},
                           {"updated_at", state.github_updated_at}});
  }
  return Json::object({{"state", state.state},
                       {"direction", state.direction.empty() ? Json() : Json(state.direction)},
                       {"operation", state.operation.empty() ? Json() : Json(state.operation)},
                       {"since", state.since},
                       {"position", state.position},
                       {"eta_s", state.eta ? Json(state.eta->count()) : Json()},
                       {"not_before", state.not_before},
                       {"reason", reason},
                       {"lost", lost},
                       {"github", github}});
}

std::string state_words(const std::string& state) {
  return words_of(state).words;
}

bool is_at_rest(const std::string& state) {
  return words_of(state).is_at_rest;
}

bool is_well(const std::string& state) {
  return words_of(state).is_well;
}

}  // namespace devy::sync
