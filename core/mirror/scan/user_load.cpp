#include "core/mirror/scan/user_load.hpp"

#include "core/mirror/records/process.hpp"
#include "core/mirror/store/apply.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/github/document.hpp"
#include "core/platform/queue/finish.hpp"
#include "core/platform/queue/ingest.hpp"

namespace devy::scan {
namespace {

using base::Error;
using base::ErrorKind;

// Limit for the pages of a user's repositories: ten thousand of them.
constexpr int user_pages_max = 100;

void apply_user(Handler::Work& work, const std::string& login) {
  const auto& actor = work.task.actor;
  github::Answer answer;
  try {
    answer = work.api.get(work.connection(), actor ? "/user" : "/users/" + login);
  } catch (const Error& error) {
    if (error.code() != "github_not_found") throw;
    throw Error(ErrorKind::not_found,
                "unable to load the repositories of " + base::in_quotes(base::safe_text(login)) +
                    ": GitHub knows no such user",
                "A repository is written owner/name.", "mirror_user_unknown");
  }
  const auto document = github::parse_document(answer.body);
  if (actor && document.integer("id") != actor->github_id)
    throw Error(ErrorKind::denied,
                "unable to load the repositories of " + base::in_quotes(base::safe_text(login)) +
                    ": the token is somebody else's",
                "Send a token of the same user.", "actor_is_another");
  records::Records records;
  records::process_user(document, origin_of(answer, 0), records);
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  mirror::apply(work.connection(), records,
                {records::Via::api, answer.sent_at, answer.date, records::Relation::user},
                work.observers);
  transaction.commit();
}

void record_load_of(Handler::Work& work, const json::Value& document) {
  mirror::NewOperation operation;
  operation.kind = mirror::fetch_kind;
  operation.key = document.text("full_name");
  operation.owner = queue_owner(operation.key);
  operation.target = operation.key;
  operation.repository_id = document.integer("id");
  operation.children = work.task.children;
  operation.is_adding = work.task.is_adding;
  operation.source = work.task.source;
  operation.priority = work.task.priority;
  const auto recorded = mirror::record(work.connection(), operation);
  mirror::note_child(work.connection(), work.attempt.lease.operation, recorded.id);
}

// Writes a page's repositories, and records their loads.
void apply_repositories(Handler::Work& work, const github::Answer& answer, bool is_last) {
  const auto document = github::parse_document(answer.body);
  if (!document.is_array()) github::throw_garbage("it is no list");
  records::Records records;
  for (const auto& repository : document.items()) {
    const auto origin = origin_of(answer, repository.integer("id"));
    records::process_repository(repository, origin, records);
    if (work.task.actor && repository.find("permissions"))
      records::process_user_repository(repository, work.task.actor->github_id, origin, records);
  }
  base::fault_point("before_mirror_write");
  pg::Transaction transaction(work.connection());
  work.fence();
  mirror::apply(work.connection(), records,
                {records::Via::api, answer.sent_at, answer.date, records::Relation::repository},
                work.observers);
  if (work.task.is_adding || !work.task.children.empty())
    for (const auto& repository : document.items())
      record_load_of(work, repository);
  if (is_last) queue::finish(work.connection(), work.attempt.lease, queue::AttemptResult{});
  base::fault_point("before_mirror_commit");
  transaction.commit();
  queue::wake_workers(work.connection());
}

}  // namespace

void load_user(Handler::Work& work, const std::string& login) {
  apply_user(work, login);
  std::optional<std::string> next =
      work.task.actor ? "/user/repos?per_page=100&page=1"
                      : "/users/" + login + "/repos?type=owner&per_page=100&page=1";
  for (int page = 1; next; ++page) {
    work.attempt.check();
    if (page > user_pages_max) github::throw_garbage("its list does not end");
    const auto answer = work.api.get(work.connection(), *next);
    next = answer.next;
    apply_repositories(work, answer, !next);
  }
}

}  // namespace devy::scan
