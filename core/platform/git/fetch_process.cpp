#include "core/platform/git/fetch_process.hpp"

#include <algorithm>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/secret.hpp"
#include "core/platform/git/fetch_error.hpp"
#include "core/platform/git/fetch_token.hpp"
#include "core/platform/git/url_policy.hpp"

namespace devy::git {
namespace {

using base::Error;
using base::ErrorKind;
using std::chrono::milliseconds;

constexpr int redirects_max = 3;
// Then another child: what one of them leaks, or hides, ends there.
constexpr int orders_max = 200;
// Interval at which a stop is noticed.
constexpr milliseconds watch_interval{100};
// The child's own timeouts give more precise errors than ours, so they expire first.
constexpr milliseconds child_head_start{250};

std::string origin_of(const std::string& url) {
  return url.substr(0, url.find('/', url.find("://") + 3));
}

// The token for one address at a time, and one more where the first is refused.
class TokenChoice {
 public:
  TokenChoice(const config::Git& git, const TokenSource& source,
              std::optional<std::int64_t> github_id, const std::stop_token& stop)
      : git_(git), source_(source), github_id_(github_id), stop_(stop) {}

  void choose(const std::string& url) {
    if (is_token_for(git_, url)) token_ = base::read_secret_file(git_.token_file);
    else token_ = source_ ? source_({url, github_id_, false}, stop_) : base::Secret();
  }
  [[nodiscard]] const base::Secret& token() const { return token_; }

  // Whether there is another to try after that error. Throws it, with more to say, where the source
  // knows why there is none.
  [[nodiscard]] bool renew(const std::string& url, const Error& error) {
    const bool is_refused =
        error.code() == "authentication_required" || error.code() == "repository_not_found";
    if (!is_refused || !source_ || is_renewed_ || is_token_for(git_, url)) return false;
    is_renewed_ = true;
    try {
      token_ = source_({url, github_id_, true}, stop_);
    } catch (const Error& why) {
      if (why.kind() != ErrorKind::not_found) throw;
      throw Error(error.kind(), error.text() + "; " + why.text(), why.hint(), error.code());
    }
    return !token_.empty();
  }

 private:
  const config::Git& git_;
  const TokenSource& source_;
  const std::optional<std::int64_t> github_id_;
  const std::stop_token& stop_;
  base::Secret token_;
  bool is_renewed_ = false;
};

class Watch {
 public:
  Watch(const config::Limits& limits, base::MonotonicTime wall_clock_end)
      : limits_(limits), ends_at_(wall_clock_end) {
    note_life();
  }
  void note_life() { stalls_at_ = now() + limits_.fetch_stall + child_head_start; }
  [[nodiscard]] bool is_over() const { return now() >= ends_at_; }
  [[nodiscard]] bool is_stalled() const { return now() >= stalls_at_; }
  [[nodiscard]] milliseconds next_look() const {
    const auto left = std::chrono::ceil<milliseconds>(std::min(ends_at_, stalls_at_) - now());
    return std::clamp(left, milliseconds(1), watch_interval);
  }

 private:
  static base::MonotonicTime now() { return base::system_clock().monotonic_now(); }
  const config::Limits& limits_;
  base::MonotonicTime ends_at_, stalls_at_;
};

[[noreturn]] void throw_ending(const std::string& url, const std::string& ending) {
  if (ending == "exit status " + std::to_string(process::child_out_of_memory))
    throw transfer_error(url, {.result = -1, .error_class = GIT_ERROR_NOMEMORY, .message = {}}, {});
  throw pack_broken(url, "the process that read it ended with " + ending);
}

// Reads the child's final message.
FetchAnswer watch_child(process::Child& child, const std::string& url, Watch& watch,
                        const OnProgress& on_progress, const std::stop_token& stop) {
  std::string frame;
  for (;;) {
    if (stop.stop_requested())
      throw Error(ErrorKind::stopped, "unable to fetch '" + url + "': asked to stop");
    switch (child.receive(frame, fetch_frame_bytes_max, watch.next_look())) {
      case process::ReadResult::timed_out:
        if (watch.is_over()) throw fetch_timed_out(url);
        if (watch.is_stalled()) throw fetch_stalled(url);
        break;
      case process::ReadResult::end: throw_ending(url, child.wait());
      case process::ReadResult::data: {
        auto answer = parse_answer(frame);
        if (!std::holds_alternative<Progress>(answer)) return answer;
        watch.note_life();
        // Frames that keep coming must not keep the wall clock from being looked at.
        if (watch.is_over()) throw fetch_timed_out(url);
        if (on_progress) on_progress(std::get<Progress>(answer));
      }
    }
  }
}

// Returns a new child, or the one that responded before, which may have exited since.
process::Child& child_for(const config::Config& config, KeptChild& kept) {
  if (kept.child && (kept.orders >= orders_max || kept.child->try_wait())) kept.child.reset();
  if (!kept.child) {
    const auto cpu_seconds = static_cast<std::uint64_t>(config.limits.fetch_wall_clock.count()) + 1;
    kept.child =
        process::Child::spawn("fetch", {.memory_bytes_max = config.limits.worker_memory_bytes_max,
                                        .cpu_seconds_max = cpu_seconds});
    kept.orders = 0;
  }
  ++kept.orders;
  return *kept.child;
}

FetchAnswer ask_child(const config::Config& config, const FetchOrder& order,
                      const base::Secret& token, Watch& watch, const OnProgress& on_progress,
                      const std::stop_token& stop, KeptChild& kept) {
  auto& child = child_for(config, kept);
  try {
    if (!child.send(to_frame(order)) || !child.send(token.reveal()))
      throw_ending(order.url, child.wait());
    watch.note_life();
    return watch_child(child, order.url, watch, on_progress, stop);
  } catch (const Error&) {
    // The child has not responded, and its result is no longer needed.
    kept.child.reset();
    throw;
  }
}

// Returns the address to continue with, or throws: a rename keeps the host; anything else needs a
// person.
std::string follow(const config::Git& policy, const std::string& url, const std::string& to,
                   int hops) {
  std::string next;
  try {
    next = normalize_url(to, policy);
  } catch (const Error&) {
    throw repository_moved(url, to, "an address that is not allowed");
  }
  if (origin_of(next) != origin_of(url)) throw repository_moved(url, next, "on another host");
  if (next == url || hops >= redirects_max)
    throw repository_moved(url, next, "and there is no end to it");
  return next;
}

FetchOrder make_order(const config::Config& config, const FetchRequest& request,
                      const std::string& directory) {
  return {.url = normalize_url(request.url, config.git),
          .branch = request.branch,
          .commit = request.commit,
          .skip = request.skip_if_tip_is,
          .directory = directory,
          .may_be_partial = request.may_be_partial,
          .brings_parents = request.brings_parents,
          .blobs = {},
          .is_history = false,
          .history_since = std::nullopt,
          .has_remotes_only =
              std::ranges::find(config.git.url_schemes, "file") == config.git.url_schemes.end(),
          .ca_file = config.git.ca_file,
          .stall = config.limits.fetch_stall,
          .pack_bytes_max = config.limits.pack_bytes_max,
          .pack_objects_max = config.limits.pack_objects_max};
}

}  // namespace

FetchResult run_fetch(const config::Config& config, const FetchRequest& request,
                      const std::string& directory, const OnProgress& on_progress,
                      const std::stop_token& stop, KeptChild& kept) {
  auto order = make_order(config, request, directory);
  Watch watch(config.limits, base::system_clock().monotonic_now() + config.limits.fetch_wall_clock);
  TokenChoice choice(config.git, request.tokens, request.github_id, stop);
  choice.choose(order.url);
  for (int hops = 0;;) {
    const auto answer = ask_child(config, order, choice.token(), watch, on_progress, stop, kept);
    if (const auto* error = std::get_if<base::AskedToWait>(&answer)) throw *error;
    if (const auto* error = std::get_if<Error>(&answer)) {
      if (!choice.renew(order.url, *error)) throw *error;
      // A child that was started to fetch a pack ends after its response, whatever that is.
      if (!directory.empty()) kept.child.reset();
      continue;
    }
    if (const auto* moved = std::get_if<MovedTo>(&answer)) {
      order.url = follow(config.git, order.url, moved->url, hops++);
      choice.choose(order.url);
      continue;
    }
    const auto& tip = std::get<FetchedTip>(answer);
    return {{tip.branch, tip.commit, order.url},
            tip.repository,
            tip.is_partial,
            tip.has_shown_token,
            tip.received_bytes};
  }
}

std::uint64_t run_blobs(const config::Config& config, const BlobRequest& request,
                        const std::stop_token& stop, KeptChild& kept) {
  auto order = make_order(config, {request.url}, request.repository);
  TokenChoice choice(config.git, request.tokens, request.github_id, stop);
  if (request.has_shown_token) choice.choose(order.url);
  Watch watch(config.limits, base::system_clock().monotonic_now() + config.limits.fetch_wall_clock);
  std::uint64_t received = 0;
  for (auto left = request.blobs; !left.empty();) {
    const auto count = std::min(left.size(), order_blobs_max);
    order.blobs.assign(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(count));
    left = left.subspan(count);
    order.pack_bytes_max = request.bytes_max - received;
    const auto answer = ask_child(config, order, choice.token(), watch, {}, stop, kept);
    if (const auto* error = std::get_if<Error>(&answer)) {
      kept.child.reset();
      throw *error;
    }
    received += std::min(std::get<FetchedBlobs>(answer).received_bytes, order.pack_bytes_max);
  }
  return received;
}

std::string run_history(const config::Config& config, const HistoryRequest& request,
                        const OnProgress& on_progress, const std::stop_token& stop) {
  auto order = make_order(config, {request.url}, request.directory);
  order.commit = request.commit;
  order.is_history = true;
  order.history_since = request.since;
  order.pack_bytes_max = std::min(order.pack_bytes_max, config.limits.history_bytes_max);
  TokenChoice choice(config.git, request.tokens, request.github_id, stop);
  if (request.has_shown_token) choice.choose(order.url);
  Watch watch(config.limits, request.ends_at);
  KeptChild child;
  const auto answer = ask_child(config, order, choice.token(), watch, on_progress, stop, child);
  if (const auto* error = std::get_if<Error>(&answer)) throw *error;
  return std::get<FetchedTip>(answer).repository;
}

}  // namespace devy::git
