#include <algorithm>
#include <array>

#include "core/gists/store/visit_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/gists_page_parts.hpp"
#include "daemon/web/gists_page_rows.hpp"
#include "daemon/web/gists_pages.hpp"
#include "html_names/gist_user.hpp"
#include "html_names/part_gist_user.hpp"

// One tracked user.

namespace devy::daemon {
namespace {

namespace gist_user_names = html::gist_user;
namespace gist_scan_names = html::part_gist_user;

constexpr std::size_t session_digits_max = 18;

std::string counted_words(std::int64_t count, std::string_view one, std::string_view many) {
  return html::number_text(count) + " " + std::string(count == 1 ? one : many);
}

void fill_scan(html::Fill& fill, const Visit& visit, const gists::User& user,
               const std::optional<gists::OpenScan>& scan) {
  html::set_state(fill, {gist_scan_names::state_mark, gist_scan_names::state},
                  scan_word(user.state, user.failures, scan));
  html::Sentence text(fill, gist_scan_names::scan_text);
  if (scan) text.text(scan_text(*scan) + ", ");
  if (user.scanned_at) text.text("scanned ").clock(*user.scanned_at, visit.now);
  else text.text("not scanned yet");
  if (user.scan_at && !scan) text.text(", next at ").clock(*user.scan_at, visit.now);
  fill.set(gist_scan_names::count_text, counted_words(user.gists, "gist", "gists") + ", " +
                                            counted_words(user.files, "file", "files"));
}

std::string digest_of_scan(const Visit& visit, const gists::User& user,
                           const std::optional<gists::OpenScan>& scan) {
  html::Fill said;
  fill_scan(said, visit, user, scan);
  return live_digest(gist_scan_names::template_file, said);
}

void fill_live_scan(html::Fill& fill, const Visit& visit, const gists::User& user,
                    const std::optional<gists::OpenScan>& scan) {
  fill_scan(fill, visit, user, scan);
  if (!scan) return;
  auto& live = fill.add(gist_scan_names::live);
  live.set_url(gist_scan_names::part_url,
               html::own_url({"gists", user.login}, {{"seen", digest_of_scan(visit, user, scan)}}));
  live.set(gist_scan_names::poll_seconds, std::int64_t{scan_poll_seconds} * visit.poll_factor);
}

void fill_gist_acts(html::Fill& content, const Visit& visit, const gists::User& user) {
  content.set(gist_user_names::csrf, visit.csrf);
  content.set_url(gist_user_names::retry_url, html::own_url({"gists"}));
  if (user.state != "off") {
    auto& ask = content.add(gist_user_names::may_visit);
    ask.set_url(gist_user_names::visit_url, html::own_url({"gists", user.login, "visits"}));
    ask.set(gist_user_names::visit_key, base::system_random().token());
  }
  if (!visit.is_operator()) return;
  auto& acts = content.add(gist_user_names::acts);
  acts.set_url(gist_user_names::act_url, html::own_url({"gists", user.login}));
  acts.show(user.state == "off" ? gist_user_names::may_track : gist_user_names::may_scan);
}

void fill_gist_problem(html::Fill& content, const gists::User& user) {
  const bool is_missing = user.state == "missing";
  if (user.state == "off" ? user.error.empty() : user.failures == 0 && !is_missing) return;
  auto& note = content.add(gist_user_names::problem);
  note.set(gist_user_names::problem_mark, "warn");
  html::Sentence text(note, gist_user_names::problem_text);
  if (user.state == "off") {
    note.set(gist_user_names::problem_title, "Not tracked any more");
    text.text(user.error + ".");
  } else if (user.failures > 0) {
    note.set(gist_user_names::problem_title,
             user.failures == 1 ? "The last scan failed"
                                : "The last " + html::number_text(user.failures) + " scans failed");
    text.text(user.error +
              ". What was found before is shown, and the scan is tried again by "
              "itself.");
  } else {
    note.set(gist_user_names::problem_title, "GitHub knows no user of this login");
    text.text("GitHub is asked again each day. If the login is misspelt, stop tracking it.");
  }
}

// The session that the address names, if it is this visitor's.
std::optional<gists::Session> session_in_address(Visit& visit, const gists::User& user) {
  const auto number = visit.query.line("visit");
  if (!number) return std::nullopt;
  const bool is_number = !number->empty() && number->size() <= session_digits_max &&
                         number->find_first_not_of("0123456789") == std::string_view::npos;
  auto session = is_number ? gists::find_session(visit.connection, user.login, gist_visitor(visit),
                                                 std::stoll(std::string(*number)))
                           : std::nullopt;
  if (!session)
    throw base::Error(base::ErrorKind::not_found, "unable to find that visit",
                      "It was somebody else's, or too long ago.");
  return session;
}

void fill_news_rows(html::Fill& news, Visit& visit, const gists::Session& session) {
  std::vector<std::string> ids;
  for (const auto& file : session.files)
    ids.push_back(file.gist);
  const auto words = gists::words_of_gists(visit.connection, ids);
  auto& rows = news.add(gist_user_names::news_rows);
  for (const auto& file : session.files) {
    auto& row = rows.add(gist_user_names::news_row);
    row.set(gist_user_names::file_name, file.filename);
    row.set(gist_user_names::file_text, "version " + html::number_text(file.version));
    const auto gist = words.find(file.gist);
    const auto description = gist == words.end() ? std::nullopt : gist->second.description;
    row.set(gist_user_names::gist_name, gist_name(description));
    const auto url = gist == words.end() ? std::nullopt : html::https_url(gist->second.html_url);
    if (url) row.add(gist_user_names::news_linked).set_url(gist_user_names::file_url, *url);
    else row.show(gist_user_names::news_unlinked);
    html::set_clock(row, {gist_user_names::found_utc, gist_user_names::found}, file.found_at,
                    visit.now);
  }
}

// Fills in what a visit has shown, or how much the next one would.
void fill_news(html::Fill& content, Visit& visit, const gists::User& user) {
  const auto session = session_in_address(visit, user);
  if (user.state == "off" && !session) return;
  auto& news = content.add(gist_user_names::news);
  html::Sentence text(news, gist_user_names::news_text);
  if (!session) {
    const auto count = gists::count_news(visit.connection, user.id, gist_visitor(visit));
    if (count == 0) {
      news.set(gist_user_names::news_title, "Nothing new since your last visit");
      text.text("what the next scan finds stands here");
      return;
    }
    news.set(gist_user_names::news_title,
             html::bounded_count_text(count, gists::counted_max) + " new since your last visit");
    text.text("show them, and they count as seen");
    return;
  }
  const auto count = static_cast<std::int64_t>(session->files.size());
  news.set(gist_user_names::news_title,
           count == 0 ? "Nothing new since your last visit"
                      : html::number_text(count) + " new since your last visit");
  text.text(session->is_more
                ? "more is new: show what is new again for the rest"
                : "visit " + std::to_string(session->id) + ": its address shows the same again");
  if (count > 0) fill_news_rows(news, visit, *session);
}

void fill_gist_facts(html::Fill& content, Visit& visit, const gists::User& user) {
  html::Facts list(content, gist_user_names::facts);
  list.add("Id").text(user.external_id);
  list.add("Id at GitHub")
      .text(user.github_id ? std::to_string(*user.github_id) : std::string(html::none_text));
  const auto origin = gists::origin_of(visit.connection, user.id);
  list.add("Tracked since").clock(origin.created_at, visit.now).text(" by " + origin.added_by);
  if (user.since) list.add("Gists since").clock(*user.since, visit.now);
  auto whole = list.add("Whole list read");
  if (user.full_at) whole.age(*user.full_at, visit.now).text(" ago");
  else whole.text("never");
  if (!visit.is_operator()) return;
  if (const auto deal = gists::deal_of_user(visit.connection, user.id))
    list.add("Deal in the CRM").state(deal->state).text(" " + item_text(*deal));
}

}  // namespace

http::Response show_gist_user(Visit& visit) {
  const auto user = gist_user_in_path(visit);
  const auto scan = gists::open_scan(visit.connection, user.id);
  if (visit.wants_part()) {
    if (visit.query.line("seen") == digest_of_scan(visit, user, scan))
      return server::empty_response();
    html::Fill part;
    fill_live_scan(part, visit, user, scan);
    return part_response(gist_scan_names::template_file, part);
  }
  Frame frame(
      visit, {.title = "Gists of " + user.login, .path = "/gists", .is_running = scan.has_value()});
  if (const auto done = gists_done_text(visit.query.line("done").value_or("")); !done.empty())
    frame.notice("Done", done);
  auto& content = frame.content(gist_user_names::template_file);
  content.set_url(gist_user_names::gists_url, html::own_url({"gists"}));
  content.set(gist_user_names::login, user.login);
  fill_live_scan(content.include(gist_user_names::scan, gist_scan_names::template_file), visit,
                 user, scan);
  fill_gist_acts(content, visit, user);
  fill_gist_problem(content, user);
  fill_news(content, visit, user);
  fill_gist_rows(content, visit, user);
  fill_gist_facts(content, visit, user);
  return frame.response();
}

}  // namespace devy::daemon
