// The part of a run that makes an issue or a comment: once, whatever becomes of the answer.
#include <algorithm>

#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/base/process_counts.hpp"
#include "core/platform/base/time_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/github/limit.hpp"
#include "core/platform/http/httplib_transport.hpp"
#include "core/platform/queue/ingest.hpp"
#include "core/platform/token/sealing.hpp"
#include "core/sync/outbound/run.hpp"
#include "core/sync/tokens/user_tokens.hpp"

namespace devy::outbound {
namespace {

using base::Error;
using base::ErrorKind;
using queue::AttemptResult;

// A creation without an answer is looked for when so much time has gone by since it was sent: lists
// of GitHub's lag.
constexpr std::chrono::seconds lookup_delays[] = {
    std::chrono::seconds(10), std::chrono::seconds(60), std::chrono::seconds(300)};
constexpr int tries_max = 2;     // a creation is sent at most so often
constexpr int numbers_max = 20;  // issues that are asked for one by one
constexpr int pages_max = 20;    // of a list that is looked through
constexpr std::chrono::minutes clocks_differ{5};

base::Duration lookup_delay(int lookups) {
  return lookup_delays[std::clamp<std::size_t>(static_cast<std::size_t>(lookups), 0,
                                               std::size(lookup_delays) - 1)];
}

AttemptResult look_later(base::Duration delay) {
  AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.error_code = "outcome_unknown";
  result.error_text = "unable to tell whether GitHub has made it: its answer did not come";
  result.error_hint = "It is looked for by itself before it is sent again.";
  result.delay = std::chrono::ceil<std::chrono::milliseconds>(delay);
  return result;
}

http::TransportOptions renewal_options(const config::Config& config) {
  http::TransportOptions options;
  options.ca_file = config.git.ca_file;
  options.connect_timeout = config.github.timeout;
  options.read_timeout = config.github.timeout;
  options.answer_timeout = config.github.timeout * 3;
  options.body_bytes_max = github::answer_bytes_max;
  return options;
}

// The server was not reached, or said at once that it did nothing.
bool is_surely_unmade(const Error& error) {
  return error.code() == "connect_failed" || error.code() == "tls_verify" ||
         error.kind() == ErrorKind::busy || error.kind() == ErrorKind::denied ||
         error.kind() == ErrorKind::not_found || error.code() == "github_refused";
}

}  // namespace

// Something new speaks as its author, where he has given us a token.
void Run::choose_speaker() {
  const auto& config = parts_.context.config;
  if (sending_.author.empty() || !sending_.author_github_id || config.sync.act_as == "app" ||
      config.sync.token_key_file.empty())
    return;
  const auto transport = http::make_httplib_transport(renewal_options(config));
  auto usable =
      tokens::usable_token(connection_, config, parts_.context.clock, *transport, sending_.author);
  if (!usable) return;
  user_ = std::make_unique<scan::Api>(config, parts_.access, parts_.repository);
  user_->act_as(*sending_.author_github_id, std::move(usable->token));
}

void Run::end_intent() {
  pg::Transaction transaction(connection_);
  fence();
  sync::set_intent(connection_, sending_.link, std::nullopt);
  transaction.commit();
  sending_.intent.reset();
}

Run::Result Run::create() {
  const auto& config = parts_.context.config;
  const auto fields = this->fields();
  const auto key = token::read_key_file(config.sync.marker_key_file);
  const auto marker = record::make_marker(key, sending_.is_task ? "task" : "comment", sending_.link,
                                          parts_.reason.repository_id);
  choose_speaker();
  const int tries = sending_.intent ? sending_.intent->tries : 0;
  for (;;) {
    unknown_.clear();
    const Content content(connection_, config, sending_, parts_.reason.repository_id);
    const auto body = content.creation(fields, marker, user_ != nullptr, unknown_);
    const auto path = sending_.is_task
                          ? issues()
                          : issues() + "/" + std::to_string(*sending_.parent_key) + "/comments";
    caller_.charge(speaker(), github::Weight::content);
    sync::Sending::Intent intent;
    intent.at = parts_.context.clock.now();
    intent.number_before = sync::newest_number(connection_, parts_.reason.repository_id);
    intent.marker = record::to_text(marker);
    intent.version = sending_.version;
    intent.tries = tries + 1;
    begin("intend", false);
    {
      pg::Transaction transaction(connection_);
      fence();
      sync::set_intent(connection_, sending_.link, intent);
      transaction.commit();
    }
    sending_.intent = intent;
    base::fault_point("before_sync_send");
    try {
      auto item = item_of(caller_.write(speaker(), "POST", path, body, github::Weight::content));
      base::fault_point("after_sync_send");
      std::vector<Item> made;
      made.push_back(std::move(item));
      return adopt(std::move(made));
    } catch (const Error& error) {
      if (!is_surely_unmade(error)) throw;
      end_intent();
      if ((error.kind() == ErrorKind::denied || error.kind() == ErrorKind::not_found) && user_) {
        // His token is good no more, or may not write there: the App writes for him.
        if (error.code() == "github_unauthorized")
          tokens::erase_token(connection_, sending_.author);
        user_.reset();
        continue;
      }
      if (error.kind() == ErrorKind::denied) return refuse(error, {"body"});
      if (error.code() == "github_refused" || error.code() == "github_blocked") {
        refusal_ = error;
        const auto names = sending_.is_task ? std::set<std::string>{"title", "body"}
                                            : std::set<std::string>{"body"};
        return record_answer(std::nullopt, {}, names, "refused", sending_.version);
      }
      if (error.kind() != ErrorKind::not_found) throw;
      if (error.code() == "github_gone" && sending_.is_task) return block("issues_off", error);
      // Its task may be gone; or the repository is, which the connection finds out.
      if (!sending_.is_task) {
        AttemptResult result = look_later(std::chrono::seconds(1));
        result.outcome = queue::Outcome::retry;
        result.error_code = error.code();
        result.error_text = error.text();
        return result;
      }
      return block("repository_unknown", error);
    }
  }
}

// Everything at GitHub that has the marker of this creation.
std::vector<Run::Item> Run::find_made() {
  const auto& intent = *sending_.intent;
  std::vector<Item> found;
  const auto take = [&](const json::Value& document, const github::Answer& answer) {
    const auto text = document.if_text("body").value_or("");
    const auto marker = record::strip(text).marker;
    if (!marker || record::to_text(*marker) != intent.marker) return;
    const auto key = document.if_integer(sending_.is_task ? "number" : "id");
    if (!key || std::ranges::any_of(found, [&](const auto& item) { return item.key == *key; }))
      return;
    Item item;
    item.key = *key;
    if (sending_.is_task) item.id = document.if_integer("id");
    list().process(document, scan::origin_of(answer, parts_.reason.repository_id), item.records);
    item.answer = answer;
    item.answer.body.clear();
    found.push_back(std::move(item));
  };
  const auto since = base::format_rfc3339(intent.at - clocks_differ);
  std::optional<std::string> address =
      sending_.is_task
          ? issues() + "?state=all&sort=created&direction=asc&per_page=100&since=" + since
          : issues() + "/" + std::to_string(*sending_.parent_key) +
                "/comments?per_page=100&since=" + since;
  for (int page = 0; address && page < pages_max; ++page) {
    const auto answer = caller_.get(api_, *address);
    for (const auto& document : github::parse_document(answer.body).items())
      take(document, answer);
    address = answer.next;
  }
  if (!sending_.is_task || !found.empty()) return found;
  // The list may lag; an issue itself does not.
  for (int ahead = 1; ahead <= numbers_max; ++ahead) {
    try {
      const auto answer =
          caller_.get(api_, issues() + "/" + std::to_string(intent.number_before + ahead));
      take(github::parse_document(answer.body), answer);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::not_found) throw;
      // One that was deleted leaves a gap.
      if (error.code() != "github_gone") break;
    }
  }
  return found;
}

Run::Result Run::look_up() {
  auto& intent = *sending_.intent;
  const auto now = parts_.context.clock.now();
  const auto due = intent.at + lookup_delay(intent.lookups);
  if (due > now) return look_later(due - now);
  auto found = find_made();
  if (!found.empty()) return adopt(std::move(found));
  ++intent.lookups;
  if (intent.lookups < static_cast<int>(parts_.context.config.sync.lookups)) {
    pg::Transaction transaction(connection_);
    fence();
    sync::set_intent(connection_, sending_.link, intent);
    write_note({});
    transaction.commit();
    return look_later(intent.at + lookup_delay(intent.lookups) - now);
  }
  if (intent.tries < tries_max && !sending_.is_deleted) {
    base::log::info("GitHub has not made it: it is sent again",
                    {{"target", parts_.reason.target}, {"link", sending_.link}});
    return create();
  }
  if (sending_.is_deleted) {
    pg::Transaction transaction(connection_);
    fence();
    sync::unlink(connection_, sending_.link, "unlinked");
    transaction.commit();
    return end_unchanged("gone");
  }
  base::count("sync_unknown.given_up");
  end_intent();
  AttemptResult result = look_later(base::Duration{});
  result.outcome = queue::Outcome::failed;
  result.delay.reset();
  result.error_hint = "Look at GitHub, and have it sent again with 'devy-upload task sync'.";
  return result;
}

// The older of two that were made stays.
void Run::drop_second(const Item& item) {
  base::count("sync_duplicates");
  base::log::warning("GitHub made it twice: the second is taken away",
                     {{"target", parts_.reason.target}, {"key", item.key}});
  caller_.charge(api_, github::Weight::write);
  const auto key = std::to_string(item.key);
  try {
    if (sending_.is_task)
      static_cast<void>(caller_.write(
          api_, "PATCH", issues() + "/" + key,
          json::Json::object({{"state", "closed"}, {"state_reason", "duplicate"}}).compact()));
    else static_cast<void>(caller_.write(api_, "DELETE", issues() + "/comments/" + key, ""));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
  }
}

Run::Result Run::adopt(std::vector<Item> found) {
  std::ranges::sort(found, {}, &Item::key);
  const bool is_looked_up = sending_.intent && sending_.intent->lookups > 0;
  for (std::size_t other = 1; other < found.size(); ++other)
    drop_second(found[other]);
  const auto& item = found.front();
  {
    // The pair has its number first, so that what the answer says of its row is the record's.
    pg::Transaction transaction(connection_);
    fence();
    if (!sync::note_made(connection_, sending_.link, item.key, item.id))
      throw Error(ErrorKind::conflict,
                  "unable to link what GitHub has made: the record has another one",
                  "Look at both at GitHub.", "link_taken");
    transaction.commit();
  }
  sending_.key = item.key;
  if (sending_.is_deleted) return delete_there({});
  const std::set<std::string> sent =
      sending_.is_task ? std::set<std::string>{"title", "body", "labels", "assignees", "milestone"}
                       : std::set<std::string>{"body"};
  return record_answer(item, sent, unknown_, is_looked_up ? "adopted" : "created",
                       sending_.intent ? sending_.intent->version : sending_.version);
}

}  // namespace devy::outbound
