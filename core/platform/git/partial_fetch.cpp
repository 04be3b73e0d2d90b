#include "core/platform/git/partial_fetch.hpp"

#include <git2/sys/odb_backend.h>

#include "core/platform/base/clock.hpp"
#include "core/platform/base/safe_text.hpp"
#include "core/platform/git/fetch_error.hpp"
#include "core/platform/git/git_handle.hpp"
#include "core/platform/git/git_http.hpp"
#include "core/platform/git/object_store.hpp"
#include "core/platform/git/pack_response.hpp"
#include "core/platform/git/packet_line.hpp"

namespace devy::git {
namespace {

using base::Error;
using base::ErrorKind;

// Packet lines add five bytes to 65 515, and the server may talk.
constexpr std::uint64_t talk_bytes_max = 16ULL * 1024 * 1024;

void free_writer(git_odb_writepack* writer) {
  writer->free(writer);
}
using PackWriterHandle = GitHandle<git_odb_writepack, free_writer>;

// Passes a pack to libgit2's indexer, and reports the progress.
class PackWriter {
 public:
  PackWriter(const PartialFetch& fetch, git_odb* odb) : fetch_(fetch) {
    git_odb_writepack* writer = nullptr;
    // Putting a long history together takes longer than a child may be silent.
    const auto on_index = [](const git_indexer_progress* stats, void* data) {
      auto& self = *static_cast<PackWriter*>(data);
      self.stats_ = *stats;
      self.report();
      return 0;
    };
    check_git(git_odb_write_pack(&writer, odb, on_index, this), "begin a pack");
    writer_.reset(writer);
  }
  PackWriter(const PackWriter&) = delete;
  PackWriter& operator=(const PackWriter&) = delete;

  // False once something has failed: see finish().
  [[nodiscard]] bool append(std::string_view bytes) {
    // libgit2's indexer must not be fed after it has failed.
    if (has_failed()) return false;
    received_ += bytes.size();
    if (received_ > fetch_.order.pack_bytes_max) state_.is_too_large = true;
    else if (result_ = writer_->append(writer_.get(), bytes.data(), bytes.size(), &stats_);
             result_ < 0)
      failure_ = last_failure(result_);
    report();
    return !has_failed();
  }
  void report() {
    const auto now = base::system_clock().monotonic_now();
    if (now - reported_at_ < progress_interval) return;
    reported_at_ = now;
    fetch_.on_progress(progress());
  }
  [[nodiscard]] bool has_failed() const { return result_ < 0 || state_.is_too_large; }
  // Puts the objects where they can be read. Throws what has failed.
  void finish() {
    state_.has_received = true;
    if (!has_failed())
      if (result_ = writer_->commit(writer_.get(), &stats_); result_ < 0)
        failure_ = last_failure(result_);
    if (has_failed()) throw transfer_error(fetch_.order.url, failure_, state_);
    fetch_.on_progress(progress());
  }
  [[nodiscard]] std::uint64_t received_bytes() const { return received_; }

 private:
  [[nodiscard]] Progress progress() const {
    return {.received_bytes = received_,
            .received_objects = stats_.received_objects,
            .indexed_objects = stats_.indexed_objects + stats_.indexed_deltas,
            .total_objects = stats_.total_objects + stats_.total_deltas};
  }

  const PartialFetch& fetch_;
  git_indexer_progress stats_{};  // before the writer, which reports into it
  PackWriterHandle writer_;
  TransferState state_;
  GitFailure failure_;
  int result_ = 0;
  std::uint64_t received_ = 0;
  base::MonotonicTime reported_at_;
};

std::string fetch_command(const std::string& arguments) {
  return packet_line("command=fetch") + std::string(packet_delimiter) + packet_line("no-progress") +
         packet_line("ofs-delta") + arguments + packet_line("done") + std::string(packet_flush);
}

struct Transferred {
  PackResponse::State state = PackResponse::State::broken;
  std::string text;
  std::uint64_t received_bytes = 0;
};

// Only the state `complete` means that something was fetched.
Transferred transfer(const PartialFetch& fetch, git_odb* odb, std::string command) {
  const auto& url = fetch.order.url;
  PackWriter writer(fetch, odb);
  bool has_failed = false;
  PackResponse answer({[&](std::string_view bytes) { has_failed |= !writer.append(bytes); },
                       [&] { writer.report(); }});
  http::Request request;
  request.method = "POST";
  request.url = url + "/git-upload-pack";
  request.headers = {{"Content-Type", "application/x-git-upload-pack-request"},
                     {"Accept", "application/x-git-upload-pack-result"},
                     {"Git-Protocol", "version=2"}};
  request.body = std::move(command);
  bool has_heard = false;
  const auto on_body = [&](std::string_view bytes) {
    has_heard = true;
    return answer.feed(bytes) == PackResponse::State::reading
               ? !has_failed
               : answer.state() == PackResponse::State::complete;
  };
  try {
    const auto response = send_to_git(fetch.transport, std::move(request), url,
                                      fetch.token.empty() ? nullptr : &fetch.token, on_body);
    if (response.status != 200)
      return {.state = PackResponse::State::declined,
              .text = "it answers " + std::to_string(response.status)};
  } catch (const Error& error) {
    // We ended it ourselves, and know why.
    const bool is_ours = has_failed || answer.state() != PackResponse::State::reading;
    if (error.code() == "response_too_large") throw transfer_error(url, {}, {.is_too_large = true});
    if (!is_ours) throw;
  }
  if (has_failed) writer.finish();
  if (answer.state() == PackResponse::State::reading) {
    // A server with the old protocol does not understand the request, and sends no message.
    if (!has_heard) return {.state = PackResponse::State::declined, .text = "it says nothing"};
    throw pack_broken(url, "it ended in the middle");
  }
  if (answer.state() == PackResponse::State::complete) writer.finish();
  return {answer.state(), base::safe_text(answer.text()), writer.received_bytes()};
}

}  // namespace

std::uint64_t answer_bytes_max(const FetchOrder& order) {
  return order.pack_bytes_max + order.pack_bytes_max / 1024 + talk_bytes_max;
}

std::optional<FetchedTip> fetch_trees(const PartialFetch& fetch, const std::string& branch,
                                      const CommitId& commit) {
  const auto path = fetch.order.directory + "/trees.git";
  const auto repository = init_bare(path);
  const auto odb = odb_of(repository.get());
  const auto* const depth = fetch.order.brings_parents ? "deepen 2" : "deepen 1";
  const auto done = transfer(fetch, odb.get(),
                             fetch_command(packet_line("want " + commit.hex()) +
                                           packet_line(depth) + packet_line("filter blob:none")));
  if (done.state != PackResponse::State::complete) return std::nullopt;
  const auto id = to_oid(commit.bytes);
  if (git_odb_exists(odb.get(), &id) == 0) return std::nullopt;
  FetchedTip tip{branch, commit, path};
  tip.is_partial = true;
  tip.has_shown_token = !fetch.token.empty();
  tip.received_bytes = done.received_bytes;
  return tip;
}

FetchedTip fetch_history(const PartialFetch& fetch) {
  const auto& order = fetch.order;
  const bool is_recent = order.history_since.has_value();
  const auto path = order.directory + (is_recent ? "/recent.git" : "/history.git");
  const auto repository = init_bare(path);
  const auto odb = odb_of(repository.get());
  auto arguments = packet_line("want " + order.commit.value().hex());
  if (is_recent) arguments += packet_line("deepen-since " + std::to_string(*order.history_since));
  arguments += packet_line("filter blob:none");
  const auto done = transfer(fetch, odb.get(), fetch_command(arguments));
  if (done.state != PackResponse::State::complete)
    throw fetch_error(ErrorKind::unavailable, "history_declined", order.url,
                      "the server does not give a history without files: " + done.text, {});
  FetchedTip tip{order.branch, *order.commit, path};
  tip.is_partial = true;
  tip.has_shown_token = !fetch.token.empty();
  tip.received_bytes = done.received_bytes;
  return tip;
}

FetchedBlobs fetch_blobs(const PartialFetch& fetch) {
  const auto repository = open_bare(fetch.order.directory);
  const auto odb = odb_of(repository.get());
  std::string wants;
  for (const auto& blob : fetch.order.blobs)
    wants += packet_line("want " + blob.hex());
  const auto done = transfer(fetch, odb.get(), fetch_command(wants));
  if (done.state != PackResponse::State::complete)
    throw fetch_error(ErrorKind::unavailable, "blobs_declined", fetch.order.url,
                      "the server does not give files one by one: " + done.text, {});
  return {done.received_bytes};
}

}  // namespace devy::git
