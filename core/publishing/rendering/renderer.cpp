#include "core/publishing/rendering/renderer.hpp"

#include <chrono>
#include <cstddef>
#include <deque>
#include <string>
#include <utility>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/process/child.hpp"
#include "core/publishing/rendering/render_message.hpp"
#include "core/publishing/rendering/render_role.hpp"

namespace devy::rendering {
namespace {

using base::Error;
using base::ErrorKind;
using snapshot::FileError;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Sent and not yet answered. Less than a socket buffers, so that sending seldom waits, and enough
// to keep the child busy while the caller looks at the last results.
constexpr std::size_t in_flight_bytes_max = 98'304;
constexpr std::size_t in_flight_file_bytes = 1024;  // what a file counts at least
// Limit for what comes back besides the HTML: metadata, the table of contents, warnings.
constexpr std::size_t answer_extra_bytes_max = std::size_t{32} << 20U;
// Interval at which a wait checks the stop token and the child's clocks.
constexpr milliseconds tick{100};
// The child ends itself at limits.render_cpu; one that does not, or sleeps, is ended from here.
constexpr seconds cpu_grace{2};
constexpr seconds wall_clock_extra{120};

struct InFlight {
  post::SourceFile source;
  std::size_t bytes = 0;
  bool has_killed = false;  // it was first in line when a child died
};

class Session {
 public:
  Session(const config::Limits& limits, const post::RenderOptions& options,
          const std::function<std::optional<post::SourceFile>()>& next_source,
          const std::function<void(post::Rendered&&)>& on_result, std::stop_token stop)
      : limits_(limits),
        options_(options),
        next_source_(next_source),
        on_result_(on_result),
        stop_(std::move(stop)) {}

  void run() {
    for (;;) {
      throw_if_stopped();
      fill();
      if (files_.empty()) return;
      answer_first();
    }
  }

 private:
  void throw_if_stopped() const {
    if (stop_.stop_requested()) throw Error(ErrorKind::stopped, "unable to render: asked to stop");
  }

  // Sends as many files as may be in flight; a file larger than that limit is sent by itself.
  void fill() {
    for (;;) {
      if (sent_ == files_.size()) {
        if (is_exhausted_ || in_flight_bytes_ >= in_flight_bytes_max) return;
        auto source = next_source_();
        if (!source) {
          is_exhausted_ = true;
          return;
        }
        const std::size_t bytes = source->path.size() + source->text.size() + in_flight_file_bytes;
        files_.push_back({std::move(*source), bytes});
      }
      const std::size_t bytes = files_[sent_].bytes;
      if (sent_ > 0 && in_flight_bytes_ + bytes > in_flight_bytes_max) return;
      send(files_[sent_].source);
      ++sent_;
      in_flight_bytes_ += bytes;
    }
  }

  void send(post::SourceFile& source) {
    if (!child_) start_child();
    encode(source, limits_.markdown_file_bytes_max, frame_);
    // A dead child is noticed when its response is awaited.
    static_cast<void>(child_->send(frame_));
  }

  void start_child() {
    // The CPU limit is the file's, not the process's: the role sees to it.
    child_ = process::Child::spawn(render_role, {limits_.render_memory_bytes_max, 0});
    is_ready_ = false;
    encode(RenderSetup{limits_, options_}, frame_);
    static_cast<void>(child_->send(frame_));
    note_progress();
  }

  void note_progress() {
    answered_at_ = base::system_clock().monotonic_now();
    answered_cpu_.reset();
  }

  void answer_first() {
    const std::size_t bytes_max = limits_.html_bytes_max + answer_extra_bytes_max;
    for (;;) {
      switch (child_->receive(frame_, bytes_max, tick)) {
        case process::ReadResult::data:
          note_progress();
          if (std::exchange(is_ready_, true)) return give(decode_result(frame_, read_source()));
          break;
        case process::ReadResult::end: return bury(child_->wait());
        case process::ReadResult::timed_out:
          throw_if_stopped();
          if (auto overrun = find_overrun()) {
            child_.reset();
            return give_up(post::Rejection::cpu, std::move(*overrun));
          }
          break;
      }
    }
  }

  // Detects an overrun that the child's own timer should have prevented.
  std::optional<std::string> find_overrun() {
    const auto cpu = child_->cpu_time();
    if (!answered_cpu_) answered_cpu_ = cpu;
    if (cpu - *answered_cpu_ > limits_.render_cpu + cpu_grace) return cpu_text();
    const auto waited = base::system_clock().monotonic_now() - answered_at_;
    if (waited > limits_.render_cpu + wall_clock_extra)
      return "rendering does not end: nothing came for " +
             std::to_string(std::chrono::duration_cast<seconds>(waited).count()) + " s";
    return std::nullopt;
  }

  // The child ended by itself while the first file was its business.
  void bury(const std::string& ending) {
    child_.reset();
    if (!is_ready_)
      throw Error(ErrorKind::internal, "unable to start the rendering process: " + ending,
                  "Check that this program may run itself and that "
                  "limits.render_memory_bytes_max leaves room for it.");
    if (ending == "exit status " + std::to_string(cpu_exceeded))
      return give_up(post::Rejection::cpu, cpu_text());
    // Memory may have been full of other files, and a signal may have come from outside. A file is
    // blamed only when it kills a new child that renders it first.
    if (!std::exchange(files_.front().has_killed, true)) return send_again();
    if (ending == "exit status " + std::to_string(process::child_out_of_memory))
      return give_up(post::Rejection::memory,
                     "rendering needs more than " +
                         std::to_string(limits_.render_memory_bytes_max / config::mebibyte) +
                         " MiB of memory");
    give_up(post::Rejection::crashed, "the rendering process ended: " + ending);
  }

  [[nodiscard]] std::string cpu_text() const {
    return "rendering takes more than " + std::to_string(limits_.render_cpu.count()) + " s of CPU";
  }

  void send_again() {
    sent_ = 0;
    in_flight_bytes_ = 0;
    send(files_.front().source);
    sent_ = 1;
    in_flight_bytes_ = files_.front().bytes;
  }

  void give_up(post::Rejection rejection, std::string message) {
    post::SourceFile source = read_source();
    sent_ = 0;
    in_flight_bytes_ = 0;
    FileError error{source.path, 0, 0, std::move(message)};
    give({std::move(source.path), std::move(error), rejection});
  }

  post::SourceFile read_source() {
    post::SourceFile source = std::move(files_.front().source);
    in_flight_bytes_ -= files_.front().bytes;
    files_.pop_front();
    --sent_;
    return source;
  }

  void give(post::Rendered&& rendered) { on_result_(std::move(rendered)); }

  const config::Limits& limits_;
  const post::RenderOptions& options_;
  const std::function<std::optional<post::SourceFile>()>& next_source_;
  const std::function<void(post::Rendered&&)>& on_result_;
  std::stop_token stop_;

  std::optional<process::Child> child_;
  bool is_ready_ = false;       // the child has reported that it runs
  std::deque<InFlight> files_;  // in order; the first `sent_` are with the child
  std::size_t sent_ = 0, in_flight_bytes_ = 0;
  bool is_exhausted_ = false;
  base::MonotonicTime answered_at_{};
  std::optional<milliseconds> answered_cpu_;  // at the first tick after the last answer
  std::string frame_;
};

}  // namespace

void render_files(const config::Limits& limits, const post::RenderOptions& options,
                  const std::function<std::optional<post::SourceFile>()>& next_source,
                  const std::function<void(post::Rendered&&)>& on_result, std::stop_token stop) {
  Session(limits, options, next_source, on_result, std::move(stop)).run();
}

}  // namespace devy::rendering
