#include "daemon/web/page_audit.hpp"

#include <charconv>

#include "core/platform/base/error.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/frame.hpp"
#include "html_names/audit.hpp"

namespace devy::daemon {
namespace {

namespace audit_names = html::audit;

constexpr int acts_per_page = 50;

struct AskedActs {
  std::string actor, act, target;
  std::optional<std::int64_t> before;
};

AskedActs read_asked_acts(const Visit& visit) {
  AskedActs asked;
  asked.actor = visit.query.line("actor").value_or("");
  asked.act = visit.query.line("act").value_or("");
  asked.target = visit.query.line("target").value_or("");
  if (const auto before = visit.query.line("before")) {
    std::int64_t number = 0;
    const auto read = std::from_chars(before->data(), before->data() + before->size(), number);
    if (read.ec != std::errc())
      throw base::Error(base::ErrorKind::usage, "unable to list acts: before is no number");
    asked.before = number;
  }
  return asked;
}

web::AuditFilter filter_of_acts(const AskedActs& asked) {
  web::AuditFilter filter;
  if (!asked.actor.empty()) filter.actor = asked.actor;
  if (!asked.act.empty()) filter.act = asked.act;
  if (!asked.target.empty()) filter.target = asked.target;
  filter.before = asked.before;
  filter.limit = acts_per_page + 1;
  return filter;
}

void fill_act(html::Fill& row, const web::RecordedAct& act, base::TimePoint now) {
  html::set_clock(row, {audit_names::at_utc, audit_names::at}, act.at, now);
  row.set(audit_names::actor, act.actor);
  row.set(audit_names::address, act.address.empty() ? html::none_text : act.address);
  row.set(audit_names::act, act.act);
  html::Sentence target(row, audit_names::target);
  if (act.act.starts_with("operation.") && base::is_uuid(act.target))
    target.code_link(html::own_url({"operations", act.target}), act.target.substr(0, 8));
  else target.text(act.target);
  row.set(audit_names::count_text, act.count ? html::number_text(*act.count) : std::string("1"));
  row.set(audit_names::reason, act.reason.value_or(std::string(html::none_text)));
  row.set(audit_names::result, act.result);
}

}  // namespace

http::Response show_audit(Visit& visit) {
  const auto asked = read_asked_acts(visit);
  auto acts = web::list_acts(visit.connection, filter_of_acts(asked));
  const bool has_more = acts.size() > acts_per_page;
  if (has_more) acts.pop_back();
  Frame frame(visit, {.title = "Audit", .path = "/audit"});
  auto& content = frame.content(audit_names::template_file);
  content.set(audit_names::actor_text, asked.actor);
  content.set(audit_names::act_text, asked.act);
  content.set(audit_names::target_text, asked.target);
  content.set_url(audit_names::form_url, html::own_url({"audit"}));
  if (acts.empty()) {
    content.add(audit_names::empty)
        .set(audit_names::empty_text,
             "No act matches. Each replay, cancel, approval and login "
             "will stand here.");
  } else {
    auto& rows = content.add(audit_names::rows);
    for (const auto& act : acts)
      fill_act(rows.add(audit_names::row), act, visit.now);
  }
  if (has_more) {
    std::vector<html::QueryField> fields;
    for (const auto& [name, value] :
         {std::pair{"actor", asked.actor}, {"act", asked.act}, {"target", asked.target}})
      if (!value.empty()) fields.push_back({name, value});
    fields.push_back({"before", std::to_string(acts.back().id)});
    content.add(audit_names::older)
        .set_url(audit_names::older_url, html::own_url({"audit"}, fields));
  }
  return frame.response();
}

}  // namespace devy::daemon
