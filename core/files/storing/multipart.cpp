#include "core/files/storing/multipart.hpp"

#include <algorithm>
#include <exception>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "core/files/storage/call.hpp"
#include "core/platform/base/error.hpp"
#include "core/platform/base/fault_point.hpp"

namespace devy::storing {
namespace {

using base::Error;
using base::ErrorKind;

// A part of a content, which begins at offset `number` - 1 times the size of parts.
http::FileRange range_of_part(const http::FileRange& whole, int number, std::uint64_t part_bytes) {
  const auto offset = part_bytes * static_cast<std::uint64_t>(number - 1);
  return {whole.file, offset, std::min(part_bytes, whole.length - offset)};
}

base::Sha256 digest_of_range(const http::FileRange& range) {
  constexpr std::uint64_t slice_bytes = 256UL * 1024;
  base::Sha256Stream digest;
  std::string slice(slice_bytes, '\0');
  for (std::uint64_t done = 0; done < range.length;) {
    const auto wanted = std::min(slice_bytes, range.length - done);
    const auto count =
        ::pread(range.file->get(), slice.data(), wanted, static_cast<off_t>(range.offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) storage::throw_failed("read a content");
    digest.add(std::string_view(slice).substr(0, static_cast<std::size_t>(count)));
    done += static_cast<std::uint64_t>(count);
  }
  return digest.finish();
}

// The parts that are still to be sent, shared by the threads that send them.
class PartQueue {
 public:
  PartQueue(const Sending& sending, std::string key, std::string id, const http::FileRange& whole,
            std::uint64_t part_bytes)
      : sending_(sending),
        key_(std::move(key)),
        id_(std::move(id)),
        whole_(whole),
        part_bytes_(part_bytes),
        count_(static_cast<int>((whole.length + part_bytes - 1) / part_bytes)) {}

  // A part that S3 has. False when it is none of these parts, as long as they are.
  bool know(const s3::Part& part) {
    const bool is_one = part.number >= 1 && part.number <= count_ &&
                        part.size == range_of_part(whole_, part.number, part_bytes_).length;
    if (is_one) sent_[part.number] = part;
    return is_one;
  }

  void send_all(s3::Client& own_client) {
    std::vector<std::jthread> threads;
    const auto threads_max = std::min<std::size_t>(sending_.settings.parallel,
                                                   static_cast<std::size_t>(count_) - sent_.size());
    for (std::size_t n = 1; n < threads_max; ++n)
      threads.emplace_back([this] { send_some(*sending_.make_client()); });
    send_some(own_client);
    for (auto& thread : threads)
      thread.join();
    if (failure_) std::rethrow_exception(failure_);
  }

  [[nodiscard]] std::vector<s3::Part> parts() const {
    std::vector<s3::Part> parts;
    for (const auto& [number, part] : sent_)
      parts.push_back(part);
    return parts;
  }

 private:
  // The next part that nobody sends; 0: there is none, or somebody has failed.
  int next() {
    const std::lock_guard lock(mutex_);
    if (failure_) return 0;
    while (next_ <= count_ && sent_.contains(next_))
      ++next_;
    return next_ <= count_ ? next_++ : 0;
  }

  void send_some(s3::Client& client) noexcept {
    try {
      while (const int number = next()) {
        sending_.check();
        const auto range = range_of_part(whole_, number, part_bytes_);
        const auto etag = client.put_part(key_, id_, number, range, digest_of_range(range));
        base::fault_point("content_part_sent");
        const std::lock_guard lock(mutex_);
        sent_[number] = {number, etag, range.length};
        if (sending_.on_sent) sending_.on_sent(range.length);
      }
    } catch (...) {
      const std::lock_guard lock(mutex_);
      if (!failure_) failure_ = std::current_exception();
    }
  }

  const Sending& sending_;
  const std::string key_, id_;
  const http::FileRange& whole_;
  const std::uint64_t part_bytes_;
  const int count_;
  std::mutex mutex_;  // guards the members below
  int next_ = 1;
  std::map<int, s3::Part> sent_;
  std::exception_ptr failure_;
};

}  // namespace

Sent send_in_parts(const Sending& sending, s3::Client& client, const files::Placed& content,
                   const std::string& key, const http::FileRange& whole) {
  const auto part_bytes = part_bytes_of(sending.settings, whole.length);
  auto id = content.multipart_id;
  std::vector<s3::Part> known;
  if (!id.empty()) {
    auto found = client.parts(key, id);
    // Its last answer may have been lost.
    if (!found && client.size_of(key) == whole.length) return Sent::done;
    if (found) known = *std::move(found);
    else id.clear();
  }
  if (id.empty()) {
    id = client.begin_multipart(key);
    base::fault_point("content_multipart_begun");
    if (!sending.note_multipart(id)) {
      client.abort_multipart(key, id);
      return Sent::unwanted;
    }
    base::fault_point("content_multipart_noted");
  }
  PartQueue queue(sending, key, id, whole, part_bytes);
  // Parts of another size are from before another setting.
  const bool are_known =
      std::ranges::all_of(known, [&](const s3::Part& part) { return queue.know(part); });
  if (!are_known) {
    client.abort_multipart(key, id);
    if (!sending.note_multipart("")) return Sent::unwanted;
    throw Error(ErrorKind::unavailable,
                "unable to go on with an upload to S3: its parts are others", "It begins again.",
                "s3_upload_gone");
  }
  queue.send_all(client);
  sending.check();
  const bool is_complete = client.complete_multipart(key, id, queue.parts(), whole.length);
  base::fault_point("content_completed");
  if (is_complete) return Sent::done;
  throw Error(ErrorKind::unavailable, "unable to end an upload to S3: it has gone",
              "It begins again.", "s3_upload_gone");
}

}  // namespace devy::storing
