#include "core/mirror/scan/handler.hpp"

#include "core/mirror/scan/actor.hpp"
#include "core/mirror/store/repository_store.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/log.hpp"
#include "core/platform/queue/finish.hpp"

namespace devy::scan {

using base::Error;
using base::ErrorKind;

Handler::Handler(const queue::HandlerContext& context, const mirror::RowObservers& observers,
                 std::unique_ptr<github::Access> access)
    : config_(context.config),
      clock_(context.clock),
      on_progress_(context.on_progress),
      observers_(observers),
      access_(access ? std::move(access)
                     : std::make_unique<github::Access>(context.config, context.clock)) {}

std::optional<queue::AttemptResult> Handler::run(queue::Attempt& attempt) {
  const auto task = mirror::load_task(attempt.connection, attempt.lease.operation);
  attempt.subject.emplace(base::log::Fields{{"target", task.target}});
  github::Repository repository;
  repository.name = task.target.substr(0, task.target.find('/', task.target.find('/') + 1));
  if (task.repository_id) {
    const auto known = mirror::find_repository(attempt.connection, *task.repository_id);
    repository.github_id = task.repository_id;
    if (known) repository.name = known->full_name;
    if (known && access_->is_app()) repository.installation = known->installation;
  }
  Api api(config_, *access_, repository,
          task.priority < mirror::full_scan_priority ? Urgency::load : Urgency::scan);
  if (task.actor) api.act_as(task.actor->github_id, open_actor(config_, *task.actor));
  Work work{attempt, task, repository, api, config_.queue.lease_ttl, observers_};
  std::optional<queue::AttemptResult> result;
  const auto given_back = github::within_limits(
      attempt.connection, static_cast<int>(config_.github.concurrency), [&] { return api.share(); },
      [&] { result = this->work(work); });
  return given_back ? given_back : result;
}

void Handler::Work::fence() const {
  queue::fence(attempt.connection, attempt.lease, lease_ttl);
}

void Handler::report(const Work& work, std::string_view step, std::uint64_t done,
                     std::uint64_t total) const {
  if (!on_progress_) return;
  queue::Progress progress;
  progress.subject = work.task.target;
  progress.step = step;
  progress.done = done;
  progress.total = total;
  on_progress_(progress);
}

queue::AttemptResult end_of_turn() {
  queue::AttemptResult result;
  result.outcome = queue::Outcome::interrupted;
  result.delay = std::chrono::milliseconds(0);
  return result;
}

std::string queue_owner(const std::string& repository) {
  return "mirror/" + repository.substr(0, repository.find('/'));
}

void begin_step(queue::Attempt& attempt, const config::Config& config, const std::string& step) {
  if (queue::begin_step(attempt.connection, attempt.lease, {step, true, config.queue.lease_ttl}) !=
      queue::StepVerdict::go_on)
    throw Error(ErrorKind::stopped, "a newer one takes over", "", "superseded");
}

}  // namespace devy::scan
