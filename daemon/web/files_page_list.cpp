#include <algorithm>
#include <array>

#include "core/files/store/receive_store.hpp"
#include "core/platform/base/hex.hpp"
#include "core/platform/web/html/number_text.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "core/platform/web/html/state_mark.hpp"
#include "core/platform/web/html/time_element.hpp"
#include "daemon/web/files_pages.hpp"
#include "daemon/web/files_rights.hpp"
#include "daemon/web/frame.hpp"
#include "html_names/files.hpp"

// The list of files, what is left of the quota, and the form by which more come.

namespace devy::daemon {
namespace {

namespace files_names = html::files;

constexpr int files_shown = 50;
constexpr std::size_t digest_shown = 8;
constexpr std::size_t uses_shown = 2;

struct StateChip {
  std::string_view state, title;
};
constexpr std::array<StateChip, 6> state_chips{{{"", "All"},
                                                {"receiving", "On their way"},
                                                {"temporary", "Temporary"},
                                                {"permanent", "Permanent"},
                                                {"rejected", "Rejected"},
                                                {"deleted", "Deleted"}}};

// The filters of the address, checked.
struct FilesAsked {
  std::string state, name, owner, before;
};

FilesAsked read_asked(const Visit& visit) {
  const auto text = [&](const char* name) {
    return std::string(visit.query.line(name).value_or(""));
  };
  FilesAsked asked{text("state"), text("name"), visit.is_operator() ? text("owner") : "",
                   text("before")};
  const bool is_state = std::ranges::any_of(
      state_chips, [&](const StateChip& chip) { return chip.state == asked.state; });
  if (!is_state) asked.state.clear();
  if (!files::FileId::parse(asked.before)) asked.before.clear();
  return asked;
}

html::Url address_of_list(const FilesAsked& asked) {
  std::vector<html::QueryField> query;
  const std::array<std::pair<const char*, const std::string*>, 4> fields{
      {{"state", &asked.state},
       {"name", &asked.name},
       {"owner", &asked.owner},
       {"before", &asked.before}}};
  for (const auto& [name, value] : fields)
    if (!value->empty()) query.push_back({name, *value});
  return html::own_url({"files"}, query);
}

// "6.4 GB of 10 GB used, 214 of 10 000 files. …"
void say_quota(html::Fill& content, const Visit& visit, const files::Quota& quota) {
  const auto bytes = html::size_text(quota.bytes) + " of " + html::size_text(quota.bytes_max);
  html::Sentence text(content, files_names::files_text);
  text.text(bytes + " used, " + html::number_text(quota.files) + " of " +
            html::number_text(quota.files_max) + " files. Temporary ones end after " +
            html::duration_text(base::Duration(visit.config.files.temporary_for)) +
            " unless they are kept.");
  if (quota.blocked_reason) text.text(" ").strong("You are blocked, and cannot upload.");
  auto& used = content.add(files_names::used);
  constexpr std::int64_t whole = 100;
  const auto most = std::max<std::int64_t>(quota.bytes_max, 1);
  used.set(files_names::used_number,
           std::min(whole, static_cast<std::int64_t>(static_cast<double>(quota.bytes) * 100.0 /
                                                     static_cast<double>(most))));
  used.set(files_names::used_text, bytes);
}

void offer_upload(html::Fill& content, const Visit& visit) {
  const auto& settings = visit.config.files;
  auto& send = content.add(files_names::send);
  send.set_url(files_names::send_url, html::own_url({"upload"}));
  send.set_url(files_names::files_js_url, html::asset_url("files.js"));
  send.set(files_names::csrf, visit.csrf);
  send.set(files_names::send_label,
           "Choose files, up to " + html::number_text(settings.request_files_max) + " of " +
               html::size_text(static_cast<std::int64_t>(settings.file_bytes_max)) + " each");
  send.set(files_names::temporary_label,
           "Temporary: end after " + html::duration_text(base::Duration(settings.temporary_for)));
}

// "sha256 9f2c61ab…e07b, of ada", or why it was refused.
std::string file_text(const files::File& file, bool has_owner) {
  std::string text;
  if (!file.error_code.empty()) {
    text = "refused: " + file.error_code;
  } else if (file.state == "receiving") {
    text = html::size_text(file.received) + " have come";
  } else if (file.sha256) {
    const auto hex = base::to_hex(*file.sha256);
    text = "sha256 " + hex.substr(0, digest_shown) + "…" + hex.substr(hex.size() - 4);
  }
  if (has_owner) text += (text.empty() ? "of " : ", of ") + file.owner_login;
  return text;
}

std::string used_by(const files::File& file) {
  std::string text;
  for (std::size_t i = 0; i < std::min(file.references.size(), uses_shown); ++i)
    text += (i == 0 ? "" : ", ") + file.references[i].kind + " " + file.references[i].key;
  if (file.references.size() > uses_shown)
    text += " and " +
            html::number_text(static_cast<std::int64_t>(file.references.size() - uses_shown)) +
            " more";
  return text.empty() ? std::string(html::none_text) : text;
}

std::string ends_text(const files::File& file, base::TimePoint now) {
  if (file.expires_at) return html::age_text(*file.expires_at, now);
  return file.state == "permanent" ? "never" : std::string(html::none_text);
}

void add_act(html::Fill& row, const files::File& file, const char* act, std::string_view words) {
  auto& form = row.add(files_names::act);
  form.set_url(files_names::act_url, html::own_url({"file", file.id.text(), act}));
  form.set(files_names::act_words, words);
}

void fill_file(html::Fill& row, const Visit& visit, const files::File& file) {
  html::set_state(row, {files_names::state_mark, files_names::state}, file.state);
  row.set(files_names::name, file.name);
  row.set(files_names::csrf, visit.csrf);
  row.set(files_names::file_text, file_text(file, visit.is_operator()));
  row.set(files_names::file_size, html::size_text(file.size));
  row.set(files_names::ends, ends_text(file, visit.now));
  row.set(files_names::used_by, used_by(file));
  if (file.is_whole())
    row.add(files_names::linked)
        .set_url(files_names::file_url, html::own_url({"file", file.id.text()}));
  else row.show(files_names::unlinked);
  if (file.state == "temporary") add_act(row, file, "persist", "Keep");
  if (file.state == "deleted" && file.sha256) add_act(row, file, "restore", "Restore");
  if ((file.is_whole() || file.state == "receiving") && file.references.empty())
    add_act(row, file, "delete", file.state == "receiving" ? "End" : "Delete");
}

void fill_filters(html::Fill& list, const Visit& visit, const FilesAsked& asked) {
  for (const auto& chip : state_chips) {
    auto& item = list.add(files_names::state_chip);
    auto other = asked;
    other.state = chip.state;
    other.before.clear();
    item.set_url(files_names::state_url, address_of_list(other));
    item.set(files_names::state_title, chip.title);
    if (chip.state == asked.state) item.show(files_names::current);
  }
  list.set_url(files_names::filter_url, html::own_url({"files"}));
  if (!asked.state.empty()) {
    auto& kept = list.add(files_names::kept);
    kept.set(files_names::kept_name, "state");
    kept.set(files_names::kept_value, asked.state);
  }
  list.set(files_names::name_text, asked.name);
  if (visit.is_operator()) list.add(files_names::owners).set(files_names::owner_text, asked.owner);
}

void fill_list(html::Fill& content, Visit& visit, const files::OwnerId& own) {
  auto asked = read_asked(visit);
  auto& list = content.add(files_names::list);
  list.set(files_names::list_title, visit.is_operator() ? "Everybody’s files" : "Your files");
  fill_filters(list, visit, asked);
  files::FileFilter filter;
  if (!visit.is_operator()) filter.owner = own;
  filter.login = asked.owner;
  filter.state = asked.state;
  filter.name = asked.name;
  filter.cursor = asked.before;
  filter.limit = files_shown + 1;
  auto shown = files::list_files(visit.connection, filter);
  const bool is_more = shown.size() > files_shown;
  if (is_more) shown.pop_back();
  if (shown.empty()) {
    const bool is_filtered = !asked.state.empty() || !asked.name.empty() || !asked.owner.empty();
    html::Sentence text(list.add(files_names::empty), files_names::empty_text);
    if (is_filtered) text.text("No file is like that. ").link(html::own_url({"files"}), "See all");
    else text.text("There is no file yet. What you upload stands here, newest first.");
    return;
  }
  auto& rows = list.add(files_names::rows);
  for (const auto& file : shown)
    fill_file(rows.add(files_names::row), visit, file);
  if (!is_more) return;
  asked.before = shown.back().id.text();
  list.add(files_names::older).set_url(files_names::older_url, address_of_list(asked));
}

}  // namespace

http::Response show_files(Visit& visit) {
  Frame frame(visit, {.title = "Files", .path = "/files"});
  auto& content = frame.content(files_names::template_file);
  if (!visit.config.files.enabled) {
    html::Sentence(content, files_names::files_text).text("Uploads by people.");
    html::Sentence(content.add(files_names::off), files_names::off_text)
        .text("Files are switched off here: an operator switches them on by ")
        .code("files.enabled")
        .text(".");
    return frame.response();
  }
  if (const auto done = files_done_text(visit.query.line("done").value_or("")); !done.empty())
    frame.notice("Done", done);
  const auto own = own_owner(visit);
  const auto quota = files::read_quota(visit.connection, own, visit.config.files);
  say_quota(content, visit, quota);
  if (!quota.blocked_reason) offer_upload(content, visit);
  fill_list(content, visit, own);
  return frame.response();
}

}  // namespace devy::daemon
