#include "daemon/web/sync_page_parts.hpp"

#include <algorithm>
#include <array>

#include "core/platform/base/error.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/audit_store.hpp"
#include "core/platform/web/html/url.hpp"
#include "daemon/serving/sender.hpp"
#include "daemon/web/error_page.hpp"

namespace devy::daemon {
namespace {

struct DoneText {
  std::string_view done, text;
};
constexpr std::array sync_done_texts{
    DoneText{"made", "The project is made."},
    DoneText{"task", "The task is added."},
    DoneText{"connect", "The repository is being read."},
    DoneText{"sync", "Both sides are being compared."},
    DoneText{"approve", "It goes on."},
    DoneText{"disconnect", "The repository is disconnected."},
    DoneText{"member", "He is a member."},
    DoneText{"remove", "He is no member any more."},
    DoneText{"edit", "The task is changed."},
    DoneText{"close", "The task is closed."},
    DoneText{"reopen", "The task is open again."},
    DoneText{"comment", "The comment is added."},
    DoneText{"erase", "The comment is deleted."},
    DoneText{"restore", "The task says again what it said."},
    DoneText{"delete", "The task is deleted."},
};

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

}  // namespace

sync::Viewer viewer_of(const Visit& visit) {
  sync::Viewer viewer;
  if (visit.visitor != nullptr) viewer.account_id = visit.visitor->account_id;
  viewer.sees_all = visit.is_operator();
  return viewer;
}

std::string github_site(const Visit& visit) {
  return "https://" + visit.config.github.host;
}

std::string_view sync_word(const std::string& state) {
  if (state == "waiting_limit") return "waiting for a limit";
  return state;
}

void note_sync_act(Visit& visit, const char* act, const std::string& target) {
  web::record_act(visit.connection, {.actor = visit.actor(),
                                     .address = sender_of(visit.request).address,
                                     .act = act,
                                     .target = target});
}

void require_sync(const Visit& visit) {
  if (visit.config.sync.enabled) return;
  throw base::Error(base::ErrorKind::conflict, "unable to act: sync is switched off here",
                    "An operator switches it on by sync.enabled.", "sync_off");
}

void require_right(bool has_right) {
  if (has_right) return;
  throw base::Error(base::ErrorKind::denied, "unable to act: that is not yours to do",
                    "Ask an admin of the project.", forbidden_code);
}

http::Response to_page(const std::vector<std::string>& segments, const std::string& done) {
  return server::redirect_response(303, html::own_url(segments, {{"done", done}}).text());
}

std::string_view sync_done_text(std::string_view done) {
  const auto* found = std::ranges::find(sync_done_texts, done, &DoneText::done);
  return found == sync_done_texts.end() ? std::string_view() : found->text;
}

std::vector<std::string> words_between_commas(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const auto comma = text.find(',');
    const auto word = trimmed(text.substr(0, comma));
    if (!word.empty()) words.emplace_back(word);
    text = comma == std::string_view::npos ? std::string_view() : text.substr(comma + 1);
  }
  return words;
}

std::string joined_words(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words)
    text += (text.empty() ? "" : ", ") + word;
  return text;
}

}  // namespace devy::daemon
