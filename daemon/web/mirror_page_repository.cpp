#include "core/mirror/store/scan_store.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/mirror_overseer.hpp"
#include "daemon/web/mirror_page_act.hpp"
#include "daemon/web/mirror_page_parts.hpp"
#include "daemon/web/mirror_pages.hpp"
#include "html_names/mirror_repository.hpp"
#include "html_names/part_load.hpp"

// One mirrored repository.

namespace devy::daemon {
namespace {

namespace repository_names = html::mirror_repository;

constexpr int readings_shown = 10;

void fill_acts_of(html::Fill& content, const Visit& visit, const mirror::Repository& repository,
                  const MirrorFacts& facts) {
  auto& acts = content.add(repository_names::acts);
  acts.set_url(repository_names::act_url, html::own_url({"mirror"}));
  acts.set(repository_names::csrf, visit.csrf);
  acts.set(repository_names::repository, repository.full_name);
  auto shown = mirror_acts(repository, facts);
  shown.push_back({"hooks", "Load hooks"});
  for (const auto& act : shown) {
    auto& button = acts.add(repository_names::act);
    button.set(repository_names::act_name, act.name);
    button.set(repository_names::act_words, act.words);
  }
}

void fill_lists_of(html::Fill& content, const Visit& visit, const mirror::Repository& repository,
                   const mirror::RowCounts& counts) {
  for (const auto* list :
       {"labels", "milestones", "issues", "pulls", "files", "comments", "hooks"}) {
    auto& line = content.add(repository_names::list_line);
    line.set(repository_names::list_name, list);
    line.set(repository_names::row_count, counts.rows.at(list));
    const auto scanned = repository.last_scanned.find(list);
    line.set(repository_names::scanned, scanned == repository.last_scanned.end()
                                            ? std::string(html::none_text)
                                            : age_or_never(scanned->second, visit.now));
  }
}

void fill_readings(html::Fill& content, Visit& visit, const mirror::Repository& repository) {
  const auto scans = mirror::list_scans(visit.connection, repository.id, readings_shown);
  if (scans.empty()) {
    content.show(repository_names::no_scans);
    return;
  }
  auto& section = content.add(repository_names::scans);
  for (const auto& scan : scans) {
    auto& row = section.add(repository_names::scan);
    html::set_state(row, {repository_names::scan_mark, repository_names::scan_phase}, scan.phase);
    row.set(repository_names::scan_list, scan.list);
    row.set(repository_names::items, scan.items);
    row.set(repository_names::requests, scan.requests);
    row.set(repository_names::took,
            html::duration_text(scan.finished_at.value_or(visit.now) - scan.started_at));
    html::set_age(row, {repository_names::age_utc, repository_names::age}, scan.started_at,
                  visit.now);
  }
}

void fill_facts_of(html::Fill& content, const Visit& visit, const mirror::Repository& repository,
                   const MirrorFacts& facts) {
  html::Facts list(content, repository_names::facts);
  list.add("Id at GitHub").text(std::to_string(repository.id));
  list.add("Mirrored").text(repository.is_mirrored ? "yes" : "no: changes are not followed");
  const auto& hook = facts.hooks.at(repository.id);
  if (repository.installation) list.add("Told by").text("the GitHub App");
  else if (hook.id) list.add("Our webhook").text(std::to_string(*hook.id));
  else list.add("Our webhook").text(std::string(html::none_text));
  const auto told = [&](std::string_view name, const std::optional<base::TimePoint>& time) {
    auto sentence = list.add(name);
    if (time) sentence.age(*time, visit.now).text(" ago");
    else sentence.text("never");
  };
  told("Last ping", hook.last_ping_at);
  told("Heard of by webhook", repository.via_webhook_at);
  told("Heard of by the API", repository.via_api_at);
  list.add("Unsettled rows").text(html::number_text(facts.counts.at(repository.id).unsettled));
}

}  // namespace

http::Response show_mirrored(Visit& visit) {
  const auto overseen = overseen_in_path(visit);
  const auto& repository = overseen.repository;
  const auto facts = read_mirror_facts(visit, {overseen});
  Frame frame(visit, {.title = repository.full_name, .path = "/mirror"});
  if (const auto done = mirror_done_text(visit.query.line("done").value_or("")); !done.empty())
    frame.notice("Done", done);
  auto& content = frame.content(repository_names::template_file);
  content.set_url(repository_names::mirror_url, html::own_url({"mirror"}));
  content.set(repository_names::repository, repository.full_name);
  html::set_state(content, {repository_names::hook_mark, repository_names::hook},
                  hook_word(repository, facts));
  html::Sentence(content, repository_names::repository_text)
      .text(repository.is_private ? "private" : "public")
      .text(overseen.is_own     ? ", yours"
            : overseen.is_admin ? ", member"
                                : "");
  fill_acts_of(content, visit, repository, facts);
  if (const auto problem = hook_problem(visit, repository, facts)) {
    auto& note = content.add(repository_names::problem);
    note.set(repository_names::problem_mark, problem->mark);
    note.set(repository_names::problem_title, problem->title);
    html::Sentence(note, repository_names::problem_text).text(problem->text);
  }
  if (const auto load = facts.loads.find(repository.id); load != facts.loads.end())
    fill_mirror_load(content.include(repository_names::load, html::part_load::template_file), visit,
                     repository, load->second);
  fill_lists_of(content, visit, repository, facts.counts.at(repository.id));
  fill_readings(content, visit, repository);
  fill_facts_of(content, visit, repository, facts);
  return frame.response();
}

}  // namespace devy::daemon
