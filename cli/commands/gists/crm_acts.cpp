#include "cli/commands/gists/crm_acts.hpp"

#include "cli/exit_codes.hpp"
#include "cli/terminal/json_output.hpp"
#include "core/gists/outbox/audit.hpp"
#include "core/gists/outbox/crm_handler.hpp"
#include "core/gists/store/crm_list_store.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::cli {
namespace {

using base::Error;
using base::ErrorKind;

constexpr int backfill_batch = 500;  // files of one transaction

// The company, which has to be configured.
std::string required_company(Context& context) {
  const auto company = crm::company_of(context.config().crm);
  if (company.empty())
    throw Error(ErrorKind::config, "unable to tell the CRM: none is configured",
                "Set crm.company and crm.token_file.", "crm_off");
  return company;
}

base::TimePoint parse_crm_since(Context& context, const std::string& text) {
  if (const auto day = base::parse_day(text)) return *day;
  if (const auto time = base::parse_rfc3339(text)) return *time;
  if (const auto duration = base::parse_duration(text)) return context.now() - *duration;
  throw Error(ErrorKind::usage, base::in_quotes(text) + " is no day, time or duration",
              "Write 2026-11-01, 2026-11-01T12:00:00Z or 30d.");
}

Json audited_json(const outbox::AuditedItem& item) {
  auto remote_ids = Json::array();
  for (const auto id : item.remote_ids)
    remote_ids.push(id);
  return Json::object({{"id", item.id}, {"remote_ids", remote_ids}});
}

void print_audited(Context& context, const char* word,
                   const std::vector<outbox::AuditedItem>& items) {
  for (const auto& item : items) {
    context.out() << word << item.id << ':';
    for (const auto id : item.remote_ids)
      context.out() << ' ' << id;
    context.out() << '\n';
  }
}

}  // namespace

int retry_crm(Context& context, const std::vector<std::string>& ids) {
  const auto company = required_company(context);
  for (const auto& id : ids)
    if (!base::is_uuid(id))
      throw Error(ErrorKind::usage, base::in_quotes(id) + " is no id of an item",
                  "`devy-upload gist crm list` shows the ids of items.");
  if (context.is_dry_run()) {
    context.would("send " + std::to_string(ids.size()) + " items again");
    return exit_ok;
  }
  auto& connection = context.database();
  pg::Transaction transaction(connection);
  for (const auto& id : ids) {
    const auto before = gists::retry_crm_item(connection, id);
    if (!before)
      throw Error(ErrorKind::not_found, "there is no item " + id,
                  "`devy-upload gist crm list` shows the ids of items.");
    if (*before != "refused" && *before != "gone")
      throw Error(ErrorKind::conflict, "item " + id + " is " + *before,
                  "Only items that were refused, or are gone, are sent again.", "crm_" + *before);
  }
  gists::wake_crm(connection, company);
  transaction.commit();
  queue::wake_workers(connection);
  if (context.is_json())
    print_json(context.out(), Json::object({{"retried", static_cast<std::int64_t>(ids.size())}}));
  else context.say(std::to_string(ids.size()) + " items are sent again");
  return exit_ok;
}

int backfill_crm(Context& context, const std::optional<std::string>& since) {
  static_cast<void>(required_company(context));
  const auto settings = outbox::crm_settings(context.config().crm);
  const auto from = since ? std::optional(parse_crm_since(context, *since)) : std::nullopt;
  auto& connection = context.database();
  std::int64_t added = 0;
  std::optional<std::string> after;
  // Each round ends behind the last file of the one before, so it ends.
  for (;;) {
    context.check_stop();
    pg::Transaction transaction(connection);
    const auto batch = gists::backfill_crm(connection, settings, from, after, backfill_batch);
    if (!batch.last_file) break;
    added += batch.added;
    after = batch.last_file;
    if (context.is_dry_run()) continue;  // the transaction rolls back
    if (batch.added > 0) gists::wake_crm(connection, settings.company);
    transaction.commit();
  }
  if (added > 0 && !context.is_dry_run()) queue::wake_workers(connection);
  if (context.is_json()) print_json(context.out(), Json::object({{"added", added}}));
  else
    context.say(std::to_string(added) +
                (context.is_dry_run() ? " files would be sent" : " files are sent"));
  return exit_ok;
}

int audit_crm(Context& context) {
  static_cast<void>(required_company(context));
  const auto& settings = context.config().crm;
  const auto access = crm::open_access(settings);
  const auto transport = outbox::make_crm_transport(context.config());
  crm::Client client(*transport, access);
  crm::Pace pace(settings.requests_per_2s);
  outbox::CrmSession session({.client = client,
                              .pace = pace,
                              .clock = context.clock(),
                              .stop = context.stop(),
                              .check = [&] { context.check_stop(); }});
  const auto found = outbox::audit(context.database(), session);
  if (context.is_json()) {
    print_json(context.out(), Json::object({{"compared", found.compared},
                                            {"missing", json_array(found.missing, audited_json)},
                                            {"twice", json_array(found.twice, audited_json)},
                                            {"foreign", json_array(found.foreign, audited_json)}}));
  } else {
    print_audited(context, "missing  ", found.missing);
    print_audited(context, "twice    ", found.twice);
    print_audited(context, "foreign  ", found.foreign);
    context.say(std::to_string(found.compared) + " activities compared");
  }
  return found.is_clean() ? exit_ok : exit_problems_found;
}

}  // namespace devy::cli
