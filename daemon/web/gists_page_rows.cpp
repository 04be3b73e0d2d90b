#include "daemon/web/gists_page_rows.hpp"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/gists_page_parts.hpp"
#include "html_names/gist_user.hpp"

namespace devy::daemon {
namespace {

namespace gist_user_names = html::gist_user;

constexpr int gists_shown = 50;
constexpr std::size_t gist_code_digits = 10;
constexpr std::size_t gist_id_digits_max = 40;

constexpr std::array<std::pair<std::string_view, std::string_view>, 3> gist_chips{
    {{"", "All"}, {"public", "Public"}, {"gone", "Gone"}}};

html::Url gists_of_address(const gists::User& user, std::string_view state,
                           const std::string& before) {
  std::vector<html::QueryField> query;
  if (!state.empty()) query.push_back({"state", std::string(state)});
  if (!before.empty()) query.push_back({"before", before});
  return html::own_url({"gists", user.login}, query);
}

gists::GistFilter read_gist_filter(const Visit& visit) {
  gists::GistFilter filter{std::string(visit.query.line("state").value_or("")),
                           std::string(visit.query.line("before").value_or("")), gists_shown + 1};
  const bool is_chip =
      std::ranges::any_of(gist_chips, [&](const auto& chip) { return chip.first == filter.state; });
  if (!is_chip) filter.state.clear();
  if (filter.before.size() > gist_id_digits_max ||
      filter.before.find_first_not_of("0123456789abcdef") != std::string::npos)
    filter.before.clear();
  return filter;
}

// "Python, 2.1 KB, version 2, cut"
std::string gist_file_text(const gists::ListedFile& file) {
  std::string text = file.language.empty() ? "" : file.language + ", ";
  text += html::size_text(file.size) + ", version " + html::number_text(file.version);
  if (file.content_state == "cut") text += ", kept in part";
  if (file.content_state == "binary") text += ", no text";
  if (file.content_state == "too_large") text += ", too large to be kept";
  return text;
}

std::string_view gone_text(const gists::ListedGist& gist) {
  if (gist.gone_reason == "deleted") return "deleted at GitHub";
  if (gist.gone_reason == "secret") return "made secret";
  if (gist.gone_reason == "blocked") return "not shown by GitHub";
  return gist.is_partial ? "more files than are kept" : "";
}

// The one that a person should look at first.
const gists::ShownItem* first_item(const gists::ListedGist& gist) {
  const gists::ShownItem* first = nullptr;
  const auto rank = [](const gists::ShownItem& item) {
    constexpr std::array<std::string_view, 5> order{"sent", "pending", "sending", "gone",
                                                    "refused"};
    return std::ranges::find(order, item.state) - order.begin();
  };
  const auto consider = [&](const std::optional<gists::ShownItem>& item) {
    if (item && (first == nullptr || rank(*item) > rank(*first))) first = &*item;
  };
  consider(gist.deal);
  for (const auto& file : gist.listed)
    consider(file.item);
  return first;
}

void set_item(html::Fill& fill, const gists::ShownItem& item) {
  html::set_state(fill, {gist_user_names::item_mark, gist_user_names::item_state}, item.state);
  fill.set(gist_user_names::item_text, item_text(item));
}

void fill_gist_files(html::Fill& row, const Visit& visit, const gists::ListedGist& gist) {
  if (gist.listed.empty()) return;
  auto& files = row.add(gist_user_names::files);
  files.set(gist_user_names::files_title, gist.listed.size() == 1 && gist.files == 1
                                              ? gist.listed.front().filename
                                              : html::number_text(gist.files) + " files");
  for (const auto& file : gist.listed) {
    auto& item = files.add(gist_user_names::file);
    item.set(gist_user_names::file_name, file.filename);
    item.set(gist_user_names::file_text, gist_file_text(file));
    if (!visit.is_operator() || !file.item) continue;
    set_item(item.add(gist_user_names::file_item), *file.item);
    if (may_retry(visit, *file.item))
      item.add(gist_user_names::retry).set(gist_user_names::item_key, file.item->id);
  }
  const auto left = gist.files - static_cast<std::int64_t>(gist.listed.size());
  if (left > 0)
    files.add(gist_user_names::more_files)
        .set(gist_user_names::more_text, "and " + html::number_text(left) + " more at GitHub");
}

void fill_gist_crm(html::Fill& row, const Visit& visit, const gists::ListedGist& gist) {
  if (!visit.is_operator()) return;
  auto& crm = row.add(gist_user_names::has_crm);
  const auto* item = first_item(gist);
  if (item == nullptr) return;
  set_item(crm.add(gist_user_names::crm_item), *item);
  if (may_retry(visit, *item))
    crm.add(gist_user_names::retry_worst).set(gist_user_names::item_key, item->id);
}

void fill_gist(html::Fill& row, const Visit& visit, const gists::ListedGist& gist) {
  html::set_state(row, {gist_user_names::state_mark, gist_user_names::state},
                  gist.gone_reason.empty() ? "public" : "gone");
  row.set(gist_user_names::state_text, gone_text(gist));
  row.set(gist_user_names::gist_name, gist_name(gist.description));
  row.set(gist_user_names::gist_code, gist.id.substr(0, gist_code_digits));
  const auto url = gist.gone_reason.empty() ? html::https_url(gist.html_url) : std::nullopt;
  if (url) row.add(gist_user_names::linked).set_url(gist_user_names::gist_url, *url);
  else row.show(gist_user_names::unlinked);
  row.set(gist_user_names::file_count, gist.files);
  row.set(gist_user_names::version_count, gist.versions);
  html::set_age(row, {gist_user_names::updated_utc, gist_user_names::updated}, gist.updated_at,
                visit.now);
  fill_gist_files(row, visit, gist);
  fill_gist_crm(row, visit, gist);
}

void say_no_gists(html::Fill& content, const gists::User& user, const gists::GistFilter& filter) {
  html::Sentence text(content.add(gist_user_names::empty), gist_user_names::empty_text);
  if (!filter.state.empty() || !filter.before.empty())
    text.text("No gist is like that. ").link(html::own_url({"gists", user.login}), "See all");
  else if (!user.scanned_at) text.text("His gists stand here as soon as the first scan has ended.");
  else text.text("He has no public gist. New ones are found by the next scan.");
}

}  // namespace

std::string gist_name(const std::optional<std::string>& description) {
  return description && !description->empty() ? *description : "No description";
}

void fill_gist_rows(html::Fill& content, Visit& visit, const gists::User& user) {
  const auto filter = read_gist_filter(visit);
  for (const auto& [state, title] : gist_chips) {
    auto& chip = content.add(gist_user_names::state_chip);
    chip.set_url(gist_user_names::state_url, gists_of_address(user, state, ""));
    chip.set(gist_user_names::state_title, title);
    if (state == filter.state) chip.show(gist_user_names::current);
  }
  auto shown = gists::list_gists_of(visit.connection, user.id, filter);
  const bool is_more = shown.size() > gists_shown;
  if (is_more) shown.pop_back();
  if (shown.empty()) {
    say_no_gists(content, user, filter);
    return;
  }
  auto& table = content.add(gist_user_names::gists);
  if (visit.is_operator()) table.show(gist_user_names::has_crm);
  for (const auto& gist : shown)
    fill_gist(table.add(gist_user_names::gist), visit, gist);
  if (is_more)
    content.add(gist_user_names::older)
        .set_url(gist_user_names::older_url, gists_of_address(user, filter.state, shown.back().id));
}

}  // namespace devy::daemon
