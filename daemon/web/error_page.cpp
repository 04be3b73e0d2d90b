#include "daemon/web/error_page.hpp"

#include <array>

#include "core/platform/base/secret.hpp"
#include "core/platform/http/server/response.hpp"
#include "core/platform/web/html/sentence.hpp"
#include "daemon/serving/session_pool.hpp"
#include "daemon/web/plain_page.hpp"
#include "html_names/error.hpp"

namespace devy::daemon {
namespace {

using base::ErrorKind;

struct StatusText {
  int status;
  std::string_view title, text;
};

// The words for each status, unless an error says more.
constexpr std::array<StatusText, 13> status_texts{{
    {400, "The address or form cannot be read", "Nothing was changed. Go back and try again."},
    {403, "This was not done", "Nothing was changed."},
    {404, "There is nothing here, or it is not yours",
     "The address may be misspelt, or what it named was removed."},
    {405, "This page is only read", "Nothing was changed."},
    {409, "It is in another state by now", "Nothing was changed. Load the page again."},
    {410, "It is gone", "It was disconnected, and is not shown any more."},
    {413, "That is too much", "Nothing was kept."},
    {415, "This cannot be read here", "Nothing was kept."},
    {422, "That cannot be done", "Nothing was changed."},
    {429, "Too many requests", "Nothing was changed. Wait a little, then go on."},
    {500, "Something is broken on our side",
     "Nothing was changed. The log has the cause under the number below."},
    {503, "The database does not answer",
     "What readers see does not depend on it. This page tries again by itself."},
    {507, "The disk is full", "Nothing was kept. Try again later."},
}};

const StatusText& text_of(int status) {
  for (const auto& entry : status_texts)
    if (entry.status == status) return entry;
  constexpr std::size_t broken = 10;  // of status 500
  return status_texts[broken];
}

}  // namespace

http::Response error_page(const ErrorPage& page) {
  namespace error_names = html::error;
  const auto& words = text_of(page.status);
  PlainPage plain(words.title, page.status == 503);
  auto& fill = plain.content(error_names::template_file);
  fill.set(error_names::error_title, words.title);
  html::Sentence text(fill, error_names::error_text);
  if (page.detail.empty()) text.text(words.text);
  else text.text(base::redact(page.detail));
  if (!page.hint.empty()) text.text(" ").soft(base::redact(page.hint));
  auto& way = fill.add(error_names::way);
  way.set_url(error_names::way_url, html::own_url({}));
  way.set(error_names::way_words, "To the overview");
  way.set(error_names::way_mark, "");
  html::Sentence(fill, error_names::error_facts)
      .code(std::to_string(page.status))
      .text(" · request ")
      .code(page.request_id);
  auto response = plain.response(page.status);
  if (page.retry_after_seconds > 0)
    server::set_header(response, "Retry-After", std::to_string(page.retry_after_seconds));
  return response;
}

http::Response error_page(const base::Error& error, const std::string& request_id) {
  ErrorPage page{.status = base::http_status(error.kind()), .request_id = request_id};
  switch (error.kind()) {
    // Said to the reader in words; all else may quote SQL, addresses or paths.
    case ErrorKind::usage:
    case ErrorKind::conflict:
    case ErrorKind::rejected:
      page.detail = error.text();
      page.hint = error.hint();
      break;
    case ErrorKind::denied:
      if (error.code() == forbidden_code) {
        page.detail = error.text();
        page.hint = error.hint();
      } else {
        page.status = 500;  // the database refuses us, not the reader
      }
      break;
    case ErrorKind::busy:
    case ErrorKind::unavailable:
      page.status = 503;
      page.retry_after_seconds = database_away_seconds;
      break;
    default: break;
  }
  return error_page(page);
}

}  // namespace devy::daemon
