#pragma once
// Shows progress on stderr: on a terminal one live line, redrawn at most ten times a second and
// removed at the end; elsewhere one line per phase; with --quiet nothing. One thread.

#include <string>

#include "cli/context.hpp"
#include "core/platform/queue/progress.hpp"

namespace devy::cli {

class ProgressLine {
 public:
  explicit ProgressLine(Context& context);
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;
  ~ProgressLine();  // clears the live line

  // `phase` changes seldom ("alice/blog: fetch"), `detail` often ("120 of 800, 4.2 MB").
  void show(const std::string& phase, const std::string& detail = {});
  void show(const queue::Progress& progress);
  // Call it before anything else is printed.
  void clear();

 private:
  Context& context_;
  std::string phase_;
  base::MonotonicTime drawn_at_, begun_at_;  // begun_at_: the phase
  bool is_drawn_ = false;
};

// Returns "120 of 800, 4.2 MB"; empty when nothing is known.
[[nodiscard]] std::string detail_text(const queue::Progress& progress);
// Adds how fast it goes, how long it has taken and what is left: "120 of 800, 4.2 MB, 2.1 MB/s, 2s,
// 11s left". Nothing of that within the first second.
[[nodiscard]] std::string detail_text(const queue::Progress& progress, base::Duration elapsed);

}  // namespace devy::cli
