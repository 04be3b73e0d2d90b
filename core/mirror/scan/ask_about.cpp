#include "core/mirror/scan/ask_about.hpp"

#include "core/mirror/records/process.hpp"
#include "core/mirror/scan/item.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/github/document.hpp"

namespace devy::scan {
namespace {

using base::Error;
using base::ErrorKind;

// GitHub's words for an issue that was deleted, as against issues that are switched off.
constexpr std::string_view deleted_words = "was deleted";

void apply_answer(Handler::Work& work, const github::Answer& answer,
                  const records::Records& records, records::Relation main) {
  pg::Transaction transaction(work.connection());
  work.fence();
  mirror::apply(work.connection(), records, {records::Via::api, answer.sent_at, answer.date, main},
                work.observers);
  transaction.commit();
}

// The row of the repository that an issue was transferred to says its id.
void learn_repository(Handler::Work& work, const std::string& name) {
  github::Answer answer;
  try {
    answer = work.api.get(work.connection(), "/repos/" + name);
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    return;  // it may not be seen: then its name is all there is
  }
  const auto document = github::parse_document(answer.body);
  records::Records records;
  records::process_repository(document, origin_of(answer, document.integer("id")), records);
  apply_answer(work, answer, records, records::Relation::repository);
}

}  // namespace

void require_repository(pg::Connection& connection, Api& api, std::int64_t id) {
  const auto answer = api.get(connection, "/repositories/" + std::to_string(id));
  if (github::parse_document(answer.body).if_integer("id") != id)
    throw Error(ErrorKind::unavailable,
                "unable to read GitHub's answer: it is another repository's",
                "Check github.api_url.", "github_garbage");
}

Seen look_at(pg::Connection& connection, Api& api, const github::Repository& repository,
             const List& list, const mirror::Unseen& row, base::TimePoint now) {
  const auto id = repository.github_id.value();
  mirror::RowEnd end;
  end.list = list.name;
  end.id = row.id;
  end.reason = "gone";
  end.at = now;
  Seen seen;
  try {
    seen.answer = api.get(connection, item_address(list, id, row.key));
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::not_found) throw;
    if (error.code() == "github_gone") {
      // Issues that are switched off are there again when they are switched on.
      if (error.text().find(deleted_words) == std::string::npos) return seen;
      end.reason = "deleted";
    } else {
      // GitHub answers so, too, when it does not want to tell.
      require_repository(connection, api, id);
    }
    seen.end = end;
    return seen;
  }
  end.at = seen.answer->sent_at;
  const auto document = github::parse_document(seen.answer->body);
  if (const auto moved = other_repository(document, id, repository.name)) {
    end.reason = "transferred";
    end.moved_to = *moved;
    end.moved_number = document.if_integer("number").value_or(0);
    seen.end = end;
    return seen;
  }
  list.process(document, origin_of(*seen.answer, id), seen.records);
  // A label of the same name may have been made since: the old one is gone.
  if (document.if_integer("id") != row.id) seen.end = end;
  return seen;
}

std::optional<mirror::RowEnd> ask_about(Handler::Work& work, const List& list,
                                        const mirror::Unseen& row, base::TimePoint now) {
  const auto seen = look_at(work.connection(), work.api, work.repository, list, row, now);
  if (seen.records.size() > 0) apply_answer(work, *seen.answer, seen.records, list.relation);
  if (seen.end && !seen.end->moved_to.empty()) learn_repository(work, seen.end->moved_to);
  return seen.end;
}

}  // namespace devy::scan
