#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/hook_token.hpp"
#include "daemon/web/mirror_overseer.hpp"
#include "daemon/web/mirror_page_act.hpp"
#include "daemon/web/mirror_page_parts.hpp"
#include "daemon/web/mirror_pages.hpp"
#include "html_names/mirror.hpp"
#include "html_names/part_load.hpp"

// The list of repositories.

namespace devy::daemon {
namespace {

namespace mirror_names = html::mirror;

constexpr int overseen_shown = 50;
constexpr std::size_t problems_shown = 5;

using OverseenList = std::vector<mirror::OverseenRepository>;

// "private, yours, 3 rows unsettled"
std::string repository_text(const mirror::OverseenRepository& overseen, const MirrorFacts& facts) {
  std::string text = overseen.repository.is_private ? "private" : "public";
  if (overseen.is_own) text += ", yours";
  else if (overseen.is_admin) text += ", member";
  const auto unsettled = facts.counts.at(overseen.repository.id).unsettled;
  if (unsettled > 0)
    text +=
        ", " + html::number_text(unsettled) + (unsettled == 1 ? " row" : " rows") + " unsettled";
  return text;
}

std::int64_t row_count_of(const mirror::RowCounts& counts) {
  std::int64_t sum = 0;
  for (const auto& [list, rows] : counts.rows)
    if (list != "hooks") sum += rows;
  return sum;
}

void fill_row(html::Fill& row, const Visit& visit, const mirror::OverseenRepository& overseen,
              const MirrorFacts& facts) {
  const auto& repository = overseen.repository;
  html::set_state(row, {mirror_names::hook_mark, mirror_names::hook}, hook_word(repository, facts));
  const auto slash = repository.full_name.find('/');
  row.set_url(mirror_names::repository_url,
              html::own_url({"mirror", repository.full_name.substr(0, slash),
                             repository.full_name.substr(slash + 1)}));
  row.set(mirror_names::repository, repository.full_name);
  row.set(mirror_names::repository_text, repository_text(overseen, facts));
  row.set(mirror_names::by_webhook, age_or_never(repository.via_webhook_at, visit.now));
  row.set(mirror_names::by_api, age_or_never(repository.via_api_at, visit.now));
  row.set(mirror_names::scanned, age_or_never(read_whole_at(repository), visit.now));
  row.set(mirror_names::row_count, row_count_of(facts.counts.at(repository.id)));
  for (const auto& act : mirror_acts(repository, facts)) {
    auto& button = row.add(mirror_names::act);
    button.set(mirror_names::act_name, act.name);
    button.set(mirror_names::act_words, act.words);
  }
}

void say_mirror(html::Sentence text, const OverseenList& shown, const MirrorFacts& facts) {
  std::size_t working = 0;
  for (const auto& overseen : shown)
    if (facts.hooks.at(overseen.repository.id).state == "on") ++working;
  text.text("Your repositories at GitHub as tables.");
  if (shown.empty()) return;
  text.text(" " + html::number_text(static_cast<std::int64_t>(working)) + " of " +
            html::number_text(static_cast<std::int64_t>(shown.size())) +
            (working == 1 ? " has" : " have") + " a working hook");
  if (!facts.loads.empty())
    text.text("; " + html::number_text(static_cast<std::int64_t>(facts.loads.size())) +
              (facts.loads.size() == 1 ? " is" : " are") + " being loaded");
  text.text(".");
}

void add_problem(html::Fill& content, const MirrorProblem& problem) {
  auto& note = content.add(mirror_names::problem);
  note.set(mirror_names::problem_mark, problem.mark);
  note.set(mirror_names::problem_title, problem.title);
  html::Sentence(note, mirror_names::problem_text).text(problem.text);
}

// The way to the token that an act wanted and the session lacked. A link, because browsers follow
// no form to GitHub.
void say_needed_token(html::Fill& content, const Visit& visit) {
  auto& note = content.add(mirror_names::problem);
  note.set(mirror_names::problem_mark, "warn");
  note.set(mirror_names::problem_title, "GitHub has to allow that first");
  html::Sentence text(note, mirror_names::problem_text);
  const auto obstacle = actor_obstacle(visit);
  if (!obstacle.empty()) {
    text.text(obstacle);
    return;
  }
  text.text("It is done with your own right at GitHub, which this site has until you log out: ")
      .link(hook_login_url("/mirror"), "allow it at GitHub")
      .text(", then do it again.");
}

void fill_mirror_problems(html::Fill& content, Visit& visit, const mirror::Overseer& overseer,
                          const OverseenList& shown, const MirrorFacts& facts) {
  if (visit.query.line("needs") == "token") say_needed_token(content, visit);
  const auto unconfirmed = mirror::count_unconfirmed_rights(visit.connection, overseer.reader);
  if (unconfirmed > 0)
    add_problem(
        content,
        {"warn",
         "Your rights in " + html::number_text(unconfirmed) +
             (unconfirmed == 1 ? " repository" : " repositories") + " were confirmed too long ago",
         "They are shown again when GitHub has confirmed that you administer them: sync "
         "your repositories."});
  std::size_t count = 0;
  for (const auto& overseen : shown)
    if (const auto problem = hook_problem(visit, overseen.repository, facts);
        problem && ++count <= problems_shown)
      add_problem(content, *problem);
}

void say_nothing_there(html::Fill& content, const mirror::Overseer& overseer) {
  html::Sentence text(content.add(mirror_names::empty), mirror_names::empty_text);
  if (!overseer.reader.github_id)
    text.text("Your account is not linked to a user of GitHub. Log in by GitHub once, and the ")
        .text("repositories that you administer can be shown here.");
  else
    text.text(
        "No repository that you administer at GitHub is known here. Sync your repositories "
        "from GitHub to see them.");
}

}  // namespace

http::Response show_mirror(Visit& visit) {
  Frame frame(visit, {.title = "Mirror", .path = "/mirror"});
  auto& content = frame.content(mirror_names::template_file);
  if (!visit.config.mirror.enabled) {
    html::Sentence(content, mirror_names::mirror_text).text("GitHub's data as tables.");
    html::Sentence(content.add(mirror_names::empty), mirror_names::empty_text)
        .text("The mirror is switched off here: an operator switches it on by ")
        .code("mirror.enabled")
        .text(".");
    return frame.response();
  }
  if (const auto done = mirror_done_text(visit.query.line("done").value_or("")); !done.empty())
    frame.notice("Done", done);
  const auto overseer = overseer_of(visit);
  auto shown = mirror::list_overseen(visit.connection, overseer,
                                     std::string(visit.query.line("after").value_or("")),
                                     overseen_shown + 1);
  const bool is_more = shown.size() > overseen_shown;
  if (is_more) shown.pop_back();
  const auto facts = read_mirror_facts(visit, shown);
  say_mirror(html::Sentence(content, mirror_names::mirror_text), shown, facts);
  if (overseer.reader.github_id) {
    auto& fetch = content.add(mirror_names::may_fetch);
    fetch.set_url(mirror_names::act_url, html::own_url({"mirror"}));
    fetch.set(mirror_names::csrf, visit.csrf);
  }
  fill_mirror_problems(content, visit, overseer, shown, facts);
  for (const auto& overseen : shown)
    if (const auto load = facts.loads.find(overseen.repository.id); load != facts.loads.end())
      fill_mirror_load(content.include(mirror_names::load, html::part_load::template_file), visit,
                       overseen.repository, load->second);
  if (shown.empty()) {
    say_nothing_there(content, overseer);
    return frame.response();
  }
  auto& rows = content.add(mirror_names::rows);
  rows.set(mirror_names::rows_title, overseer.is_all ? "Repositories that are mirrored, or yours"
                                                     : "Repositories you administer");
  rows.set_url(mirror_names::act_url, html::own_url({"mirror"}));
  rows.set(mirror_names::csrf, visit.csrf);
  for (const auto& overseen : shown)
    fill_row(rows.add(mirror_names::row), visit, overseen, facts);
  if (is_more)
    content.add(mirror_names::older)
        .set_url(mirror_names::older_url,
                 html::own_url({"mirror"}, {{"after", shown.back().repository.full_name}}));
  return frame.response();
}

}  // namespace devy::daemon
