#include <algorithm>
#include <array>

#include "core/platform/base/ascii.hpp"
#include "core/platform/base/id.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/frame.hpp"
#include "daemon/web/gists_page_parts.hpp"
#include "daemon/web/gists_pages.hpp"
#include "html_names/gists.hpp"
#include "html_names/part_gist_users.hpp"

// The list of tracked users, the form by which more come, and what the CRM refused.

namespace devy::daemon {
namespace {

namespace gists_names = html::gists;
namespace gist_users_names = html::part_gist_users;

constexpr int users_shown = 50;
constexpr int refused_shown = 10;
constexpr int unprocessable = 422;
constexpr const char* before_all_items = "00000000-0000-0000-0000-000000000000";

struct UserChip {
  std::string_view state, title;
};
constexpr std::array<UserChip, 5> user_chips{{{"", "Tracked"},
                                              {"new", "New"},
                                              {"failing", "Failing"},
                                              {"missing", "Missing"},
                                              {"off", "Off"}}};

// The filters of the address, checked.
struct GistsAsked {
  std::string state, from, after, refused_after;
  std::optional<gists::UserId> after_id;
};

GistsAsked read_gists_asked(const Visit& visit) {
  const auto text = [&](const char* name) {
    return std::string(visit.query.line(name).value_or(""));
  };
  GistsAsked asked{text("state"), base::to_lower(text("from")), text("after"), text("refused"), {}};
  const bool is_state = std::ranges::any_of(
      user_chips, [&](const UserChip& chip) { return chip.state == asked.state; });
  if (!is_state) asked.state.clear();
  if (!gists::is_login(asked.from)) asked.from.clear();
  asked.after_id = gists::UserId::parse(text("id"));
  if (!asked.after_id) asked.after.clear();
  if (!base::is_uuid(asked.refused_after)) asked.refused_after.clear();
  return asked;
}

html::Url gists_address(const GistsAsked& asked, const std::string& seen = {}) {
  std::vector<html::QueryField> query;
  const auto id = asked.after_id ? asked.after_id->text() : std::string();
  const std::array<std::pair<const char*, const std::string*>, 6> fields{
      {{"state", &asked.state},
       {"from", &asked.from},
       {"after", &asked.after},
       {"id", &id},
       {"refused", &asked.refused_after},
       {"seen", &seen}}};
  for (const auto& [name, value] : fields)
    if (!value->empty()) query.push_back({name, *value});
  return html::own_url({"gists"}, query);
}

std::string count_text(std::int64_t count) {
  return html::bounded_count_text(count, gists::counted_max);
}

// Why somebody should look at the user, or how far his scan is.
std::string user_text(const gists::ListedUser& user) {
  if (user.scan) return scan_text(*user.scan);
  if (user.state == "off") return "not scanned any more";
  if (user.failures > 0)
    return (user.failures == 1
                ? std::string("the last scan failed: ")
                : "the last " + html::number_text(user.failures) + " scans failed: ") +
           user.error;
  if (user.state == "missing") return "GitHub knows no such user; asked again each day";
  return "";
}

std::string scanned_age(const std::optional<base::TimePoint>& time, base::TimePoint now) {
  return time ? html::age_text(*time, now) : std::string(html::none_text);
}

void fill_users(html::Fill& fill, const Visit& visit, const std::vector<gists::ListedUser>& users,
                const std::string& csrf) {
  if (users.empty()) return;
  auto& rows = fill.add(gist_users_names::rows);
  for (const auto& user : users) {
    auto& row = rows.add(gist_users_names::row);
    html::set_state(row, {gist_users_names::state_mark, gist_users_names::state},
                    scan_word(user.state, user.failures, user.scan));
    row.set_url(gist_users_names::user_url, html::own_url({"gists", user.login}));
    row.set(gist_users_names::login, user.login);
    row.set(gist_users_names::user_text, user_text(user));
    row.set(gist_users_names::gist_count, count_text(user.gists));
    row.set(gist_users_names::scanned, scanned_age(user.scanned_at, visit.now));
    row.set(gist_users_names::next, scanned_age(user.scan_at, visit.now));
    if (!visit.is_operator() || user.state == "off" || user.scan) continue;
    auto& scan = row.add(gist_users_names::may_scan);
    scan.set_url(gist_users_names::scan_url, html::own_url({"gists", user.login}));
    scan.set(gist_users_names::csrf, csrf);
  }
}

bool is_any_scanned(const std::vector<gists::ListedUser>& users) {
  return std::ranges::any_of(users, [](const auto& user) { return user.scan.has_value(); });
}

std::string digest_of_users(const Visit& visit, const std::vector<gists::ListedUser>& users) {
  html::Fill said;
  fill_users(said, visit, users, "");
  return live_digest(gist_users_names::template_file, said);
}

// The part, which asks again as long as somebody is scanned.
void fill_live_users(html::Fill& fill, const Visit& visit, const GistsAsked& asked,
                     const std::vector<gists::ListedUser>& users, const std::string& digest) {
  fill_users(fill, visit, users, visit.csrf);
  if (!is_any_scanned(users)) return;
  auto& live = fill.add(gist_users_names::live);
  live.set_url(gist_users_names::part_url, gists_address(asked, digest));
  live.set(gist_users_names::poll_seconds, std::int64_t{scan_poll_seconds} * visit.poll_factor);
}

void fill_user_filters(html::Fill& list, const GistsAsked& asked) {
  for (const auto& chip : user_chips) {
    auto& item = list.add(gists_names::state_chip);
    GistsAsked other;
    other.state = chip.state;
    item.set_url(gists_names::state_url, gists_address(other));
    item.set(gists_names::state_title, chip.title);
    if (chip.state == asked.state) item.show(gists_names::current);
  }
  list.set_url(gists_names::filter_url, html::own_url({"gists"}));
  list.set(gists_names::from_text, asked.from);
  if (asked.state.empty()) return;
  auto& kept = list.add(gists_names::kept);
  kept.set(gists_names::kept_name, "state");
  kept.set(gists_names::kept_value, asked.state);
}

void fill_track_form(html::Fill& list, const Visit& visit, const TrackForm& form, bool is_opened) {
  auto& track = list.add(gists_names::track);
  if (is_opened) track.show(gists_names::opened);
  track.set_url(gists_names::act_url, html::own_url({"gists"}));
  track.set(gists_names::csrf, visit.csrf);
  track.set(gists_names::login_text, form.login);
  track.set(gists_names::number_text, form.id);
  if (form.login_error.empty()) track.show(gists_names::login_right);
  else track.add(gists_names::login_wrong).set(gists_names::login_error, form.login_error);
  if (form.id_error.empty()) track.show(gists_names::number_right);
  else track.add(gists_names::number_wrong).set(gists_names::number_error, form.id_error);
}

void say_crm(html::Sentence text, Visit& visit, const gists::CrmOutlook& outlook) {
  const auto& company = visit.config.crm.company;
  if (company.empty()) {
    text.text("no CRM is configured, so nothing is told");
    return;
  }
  text.text(company + ": " + count_text(outlook.waiting) +
            (outlook.waiting == 1 ? " waits" : " wait"));
  if (outlook.oldest) text.text(", the oldest since ").clock(*outlook.oldest, visit.now);
  text.text("; " + count_text(outlook.refused) + " refused, " + count_text(outlook.gone) +
            " deleted there");
  if (const auto pause = gists::crm_pause(visit.connection, {"pipedrive/" + company}))
    text.text("; paused until ").clock(pause->until, visit.now).text(": " + pause->reason);
}

void fill_crm(html::Fill& content, Visit& visit, GistsAsked asked) {
  const auto outlook = gists::crm_outlook(visit.connection);
  auto& crm = content.add(gists_names::crm);
  say_crm(html::Sentence(crm, gists_names::crm_text), visit, outlook);
  if (outlook.refused + outlook.gone == 0) return;
  auto items = gists::list_refused(
      visit.connection, asked.refused_after.empty() ? before_all_items : asked.refused_after,
      refused_shown + 1);
  const bool is_more = items.size() > refused_shown;
  if (is_more) items.pop_back();
  if (items.empty()) return;
  auto& table = crm.add(gists_names::refused);
  for (const auto& refused : items) {
    auto& row = table.add(gists_names::refused_row);
    html::set_state(row, {gists_names::item_mark, gists_names::item_state}, refused.item.state);
    row.set_url(gists_names::user_url, html::own_url({"gists", refused.login}));
    row.set(gists_names::item_name,
            (refused.kind == "deal" ? "deal" : refused.filename) + " of " + refused.login);
    row.set(gists_names::item_text, item_text(refused.item));
    row.set(gists_names::csrf, visit.csrf);
    if (!may_retry(visit, refused.item)) continue;
    auto& retry = row.add(gists_names::may_retry);
    retry.set_url(gists_names::retry_url, html::own_url({"gists"}));
    retry.set(gists_names::item_key, refused.item.id);
  }
  if (!is_more) return;
  asked.refused_after = items.back().item.id;
  crm.add(gists_names::more).set_url(gists_names::more_url, gists_address(asked));
}

void say_no_users(html::Fill& list, const Visit& visit, const GistsAsked& asked) {
  html::Sentence text(list.add(gists_names::empty), gists_names::empty_text);
  if (!asked.state.empty() || !asked.from.empty() || asked.after_id)
    text.text("No user is like that. ").link(html::own_url({"gists"}), "See who is tracked");
  else if (visit.is_operator())
    text.text("Nobody is tracked yet. Track a user of GitHub, and his public gists are found.");
  else text.text("Nobody is tracked yet. An operator says whose gists are looked at.");
}

}  // namespace

http::Response answer_gists(Visit& visit, const TrackForm& form) {
  const bool is_refused = !form.login_error.empty() || !form.id_error.empty();
  auto asked = read_gists_asked(visit);
  // Where no page before ends, a login says where the list begins.
  gists::UserFilter filter{asked.state, asked.after_id ? asked.after : asked.from, asked.after_id,
                           users_shown + 1};
  auto users = gists::list_users(visit.connection, filter);
  const bool is_more = users.size() > users_shown;
  if (is_more) users.pop_back();
  const auto digest =
      is_any_scanned(users) || visit.wants_part() ? digest_of_users(visit, users) : std::string();
  if (visit.wants_part() && !is_refused) {
    if (visit.query.line("seen") == digest) return server::empty_response();
    html::Fill part;
    fill_live_users(part, visit, asked, users, digest);
    return part_response(gist_users_names::template_file, part);
  }
  Frame frame(visit, {.title = "Gists", .path = "/gists", .is_running = is_any_scanned(users)});
  if (const auto done = gists_done_text(visit.query.line("done").value_or("")); !done.empty())
    frame.notice("Done", done);
  auto& content = frame.content(gists_names::template_file);
  html::Sentence(content, gists_names::gists_text)
      .text("Public gists of users of GitHub: each new file is shown once to whoever visits.");
  auto& list = content.add(gists_names::list);
  fill_user_filters(list, asked);
  if (users.empty()) say_no_users(list, visit, asked);
  fill_live_users(list.include(gists_names::users, gist_users_names::template_file), visit, asked,
                  users, digest);
  if (visit.is_operator()) {
    fill_track_form(list, visit, form, is_refused || users.empty());
    fill_crm(content, visit, asked);
  }
  if (is_more) {
    asked.after = users.back().login;
    asked.after_id = users.back().id;
    list.add(gists_names::older).set_url(gists_names::older_url, gists_address(asked));
  }
  return frame.response(is_refused ? unprocessable : 200);
}

http::Response show_gists(Visit& visit) {
  if (visit.config.gists.enabled) return answer_gists(visit, {});
  Frame frame(visit, {.title = "Gists", .path = "/gists"});
  auto& content = frame.content(gists_names::template_file);
  html::Sentence(content, gists_names::gists_text).text("Public gists of users of GitHub.");
  html::Sentence(content.add(gists_names::off), gists_names::off_text)
      .text("Gists are switched off here: an operator switches them on by ")
      .code("gists.enabled")
      .text(".");
  return frame.response();
}

}  // namespace devy::daemon
