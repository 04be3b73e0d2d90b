#include "core/publishing/store/upload_json.hpp"

#include <gtest/gtest.h>

#include "cli/commands/publishing/upload_text.hpp"
#include "cli/commands/publishing/upload_wait.hpp"
#include "cli/exit_codes.hpp"
#include "cli/terminal/json_output.hpp"

namespace devy::cli {
namespace upload_json_test {

publishing::Upload failed_upload() {
  publishing::Upload upload;
  upload.id = base::UploadId::trusted("1a2b3c4d-0000-4000-8000-000000000000");
  upload.state = queue::State::failed;
  upload.step = "fetch";
  upload.blog = "alice/blog";
  upload.repository_url = "https://github.com/alice/blog";
  upload.trigger = "operator";
  upload.attempt = 2;
  upload.max_attempts = 12;
  upload.priority = 100;
  upload.replay_count = 1;
  upload.created_at = base::TimePoint(std::chrono::seconds(0));
  upload.run_at = upload.created_at;
  upload.started_at = base::TimePoint(std::chrono::seconds(1));
  upload.finished_at = base::TimePoint(std::chrono::seconds(2));
  upload.duration_ms = 1'000;
  upload.changes = publishing::ChangeCounts{2, 1, 0, 0, 5, 1};
  upload.left_out = blog::LeftOut{.posts = 8};
  upload.left_out->add("LICENSE.md", {blog::LeftOutRule::repository_file, "LICENSE"});
  upload.error_code = "fetch_stalled";
  upload.error_text = "unable to fetch: \x1b[31mred";
  upload.requested_by = "root (sudo from alice)@host";
  return upload;
}

TEST(UploadJson, IsTheInspectDocument) {
  EXPECT_EQ(upload_json(failed_upload()).dump(), R"({
  "id": "1a2b3c4d-0000-4000-8000-000000000000",
  "state": "failed",
  "step": "fetch",
  "blog": "alice/blog",
  "repository_url": "https://github.com/alice/blog",
  "trigger": "operator",
  "ref": null,
  "requested_commit": null,
  "commit": null,
  "attempt": 2,
  "max_attempts": 12,
  "priority": 100,
  "created_at": "1970-01-01T00:00:00.000Z",
  "run_at": "1970-01-01T00:00:00.000Z",
  "started_at": "1970-01-01T00:00:01.000Z",
  "finished_at": "1970-01-01T00:00:02.000Z",
  "duration_ms": 1000,
  "worker": null,
  "lease_expires_at": null,
  "changes": {
    "created": 2,
    "updated": 1,
    "renamed": 0,
    "deleted": 0,
    "unchanged": 5,
    "file_errors": 1
  },
  "left_out": {
    "markdown_files": 9,
    "left_out": 1,
    "is_at_least": false,
    "counts": [
      {
        "rule": "repository_file",
        "name": "LICENSE",
        "count": 1
      }
    ]
  },
  "error": {
    "code": "fetch_stalled",
    "message": "unable to fetch: \u001b[31mred",
    "hint": null
  },
  "cancelled_by": null,
  "cancel_reason": null,
  "duplicate_of": null,
  "dropped_for": null,
  "replay_count": 1,
  "delivery_guid": null,
  "requested_by": "root (sudo from alice)@host",
  "reason": null,
  "pause": null
})");
}

TEST(UploadJson, HasNullForWhatIsNotThere) {
  publishing::Upload upload;
  const auto text = upload_json(upload).dump();
  EXPECT_NE(text.find("\"changes\": null"), std::string::npos);
  EXPECT_NE(text.find("\"error\": null"), std::string::npos);
  EXPECT_NE(text.find("\"left_out\": null"), std::string::npos);
}

TEST(CountsText, NamesWhatHappened) {
  EXPECT_EQ(counts_text(publishing::ChangeCounts{2, 1, 0, 0, 5, 1}),
            "2 created, 1 updated, 5 unchanged, 1 file error");
  EXPECT_EQ(counts_text(publishing::ChangeCounts{0, 0, 0, 0, 5, 2}),
            "nothing changed, 5 unchanged, 2 file errors");
  EXPECT_EQ(counts_text(publishing::ChangeCounts{0, 0, 3, 4, 0, 0}), "3 renamed, 4 deleted");
  EXPECT_EQ(counts_text(std::nullopt), "");
  EXPECT_EQ(counts_sketch(publishing::ChangeCounts{2, 1, 3, 4, 5, 1}), "+2 ~1 »3 -4 !1");
  EXPECT_EQ(counts_sketch(publishing::ChangeCounts{}), "none");
  EXPECT_EQ(counts_sketch(std::nullopt), "-");
}

TEST(EndLine, SaysWhichHowAndHowLong) {
  auto upload = failed_upload();
  upload.commit = "9fceb02d0ae598e95dc970b74767f19372d61af8";
  EXPECT_EQ(end_line(upload, false), "1a2b3c4d failed: alice/blog at 9fceb02d, 1.0s");
  EXPECT_EQ(end_line(upload, true), "1a2b3c4d \x1b[31mfailed\x1b[0m: alice/blog at 9fceb02d, 1.0s");
}

TEST(StateText, ShowsTheStepAndACancelRequest) {
  auto upload = failed_upload();
  EXPECT_EQ(state_text(upload), "failed");
  upload.state = queue::State::processing;
  upload.is_cancel_requested = true;
  EXPECT_EQ(state_text(upload), "processing (fetch), cancel requested");
}

TEST(ExitStatusOf, DistinguishesSuccessFailureAndStillRunning) {
  auto upload = failed_upload();
  EXPECT_EQ(exit_status_of(upload), exit_unsuccessful);
  for (const auto state : {queue::State::held, queue::State::cancelled, queue::State::dropped,
                           queue::State::duplicate, queue::State::disabled}) {
    upload.state = state;
    EXPECT_EQ(exit_status_of(upload), exit_unsuccessful);
  }
  upload.state = queue::State::completed;
  EXPECT_EQ(exit_status_of(upload), exit_ok);
  for (const auto state : {queue::State::received, queue::State::verified, queue::State::scheduled,
                           queue::State::processing}) {
    upload.state = state;
    EXPECT_EQ(exit_status_of(upload), exit_timed_out);
  }
}

}  // namespace upload_json_test
}  // namespace devy::cli
