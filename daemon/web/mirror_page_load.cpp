#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/mirror_overseer.hpp"
#include "daemon/web/mirror_page_parts.hpp"
#include "daemon/web/mirror_pages.hpp"
#include "html_names/part_load.hpp"

// How far the load of one repository is, and stopping it.

namespace devy::daemon {
namespace {

namespace part_load_names = html::part_load;

constexpr int load_poll_seconds = 2;

html::Url load_url_of(const mirror::Repository& repository,
                      const std::vector<html::QueryField>& query = {}) {
  const auto slash = repository.full_name.find('/');
  return html::own_url({"mirror", repository.full_name.substr(0, slash),
                        repository.full_name.substr(slash + 1), "load"},
                       query);
}

std::string list_progress(const mirror::OpenList& list) {
  if (list.is_held) return "held: many rows are gone, and a person is asked";
  if (!list.is_running) return "waits";
  if (list.items == 0) return "begins";
  auto text = html::number_text(list.items);
  if (list.items_expected && *list.items_expected >= list.items)
    text += " of " + html::number_text(*list.items_expected);
  return text + " read";
}

std::string_view list_mark(const mirror::OpenList& list) {
  return html::mark_of(list.is_held ? "held" : list.is_running ? "running" : "waiting");
}

void fill_progress(html::Fill& fill, const mirror::OpenLoad& load) {
  std::int64_t items = 0, expected = 0, applied = 0;
  bool is_known = true;
  for (const auto& list : load.lists) {
    items += list.items;
    applied += list.applied;
    is_known = is_known && (!list.is_running || list.items_expected.has_value());
    expected += list.items_expected.value_or(0);
  }
  fill.set(part_load_names::progress_text, items == 0 ? "GitHub is asked."
                                                      : html::number_text(items) + " read, " +
                                                            html::number_text(applied) +
                                                            " new or changed.");
  if (!is_known || expected < items || expected == 0) return;
  auto& bar = fill.add(part_load_names::progress);
  bar.set(part_load_names::done_number, items);
  bar.set(part_load_names::all_max, expected);
}

void say_load(html::Fill& fill, const Visit& visit, const mirror::Repository& repository,
              const mirror::OpenLoad& load) {
  fill.set(part_load_names::load_id, std::to_string(repository.id));
  fill.set(part_load_names::load_title, "Loading " + repository.full_name);
  html::Sentence text(fill, part_load_names::load_text);
  text.text("since ").clock(load.since, visit.now);
  if (!load.requested_by.empty()) text.text(", asked for by " + load.requested_by);
  fill_progress(fill, load);
  for (const auto& list : load.lists) {
    auto& item = fill.add(part_load_names::step_item);
    item.set(part_load_names::step_mark, list_mark(list));
    item.set(part_load_names::step_name, list.list.empty() ? "repository" : list.list);
    item.set(part_load_names::step_text, list_progress(list));
  }
}

void make_live(html::Fill& fill, const Visit& visit, const mirror::Repository& repository,
               const std::string& digest) {
  auto& live = fill.add(part_load_names::live);
  live.set_url(part_load_names::part_url, load_url_of(repository, {{"seen", digest}}));
  live.set(part_load_names::poll_seconds, std::int64_t{load_poll_seconds} * visit.poll_factor);
  auto& stop = fill.add(part_load_names::may_stop);
  stop.set_url(part_load_names::act_url, load_url_of(repository));
  stop.set(part_load_names::csrf, visit.csrf);
}

http::Response to_page_of(const mirror::Repository& repository, const std::string& done) {
  const auto slash = repository.full_name.find('/');
  std::vector<html::QueryField> query;
  if (!done.empty()) query.push_back({"done", done});
  return server::redirect_response(303,
                                   html::own_url({"mirror", repository.full_name.substr(0, slash),
                                                  repository.full_name.substr(slash + 1)},
                                                 query)
                                       .text());
}

// The last look: it does not replace itself any more.
void say_loaded(html::Fill& fill, const mirror::Repository& repository) {
  fill.set(part_load_names::load_id, std::to_string(repository.id));
  fill.set(part_load_names::load_title, repository.full_name + " was loaded");
  html::Sentence(fill, part_load_names::load_text).text("load the page again for its rows");
  fill.set(part_load_names::progress_text, "Nothing of it is being read now.");
}

}  // namespace

void fill_mirror_load(html::Fill& fill, const Visit& visit, const mirror::Repository& repository,
                      const mirror::OpenLoad& load) {
  html::Fill said;
  say_load(said, visit, repository, load);
  say_load(fill, visit, repository, load);
  make_live(fill, visit, repository, live_digest(part_load_names::template_file, said));
}

http::Response show_mirror_load(Visit& visit) {
  const auto overseen = overseen_in_path(visit);
  const auto& repository = overseen.repository;
  if (!visit.wants_part()) return to_page_of(repository, "");
  const auto loads = mirror::open_loads(visit.connection, {repository.id});
  html::Fill said;
  if (const auto load = loads.find(repository.id); load != loads.end()) {
    say_load(said, visit, repository, load->second);
    const auto digest = live_digest(part_load_names::template_file, said);
    if (visit.query.line("seen") == digest) return server::empty_response();
    make_live(said, visit, repository, digest);
  } else {
    say_loaded(said, repository);
  }
  return part_response(part_load_names::template_file, said);
}

http::Response stop_mirror_load(Visit& visit) {
  const auto overseen = overseen_in_path(visit);
  if (visit.form.line("act") != "stop")
    throw base::Error(base::ErrorKind::usage, "unable to act: the form names no act");
  pg::Transaction transaction(visit.connection);
  std::int64_t stopped = 0;
  for (const auto& id : mirror::open_operations(visit.connection, overseen.repository.id)) {
    static_cast<void>(queue::cancel(visit.connection, id, false, "stopped by " + visit.actor()));
    ++stopped;
  }
  web::record_act(visit.connection, {.actor = visit.actor(),
                                     .address = sender_of(visit.request).address,
                                     .act = "mirror.stop",
                                     .target = overseen.repository.full_name,
                                     .count = stopped});
  transaction.commit();
  queue::wake_workers(visit.connection);
  return to_page_of(overseen.repository, "stopped");
}

}  // namespace devy::daemon
