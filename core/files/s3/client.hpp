#pragma once
// The calls of S3 that files need (files.md, section 3), on one bucket: each is signed, tried again
// while S3 is away or slow, and counted. What is sent is signed with its SHA-256, so that S3
// refuses bytes that were changed on their way; ETags prove nothing, and are only given back.
//
// A client belongs to one thread, and keeps its connection. Throws Error (unavailable,
// "s3_unavailable") when S3 is away or slow after five tries; (config, "s3_refused") for a wrong
// key, signature, bucket, region or clock, which a person has to mend; (internal, "s3_answer") for
// an answer that means nothing here; (config, "s3_credentials") when these cannot be read; and
// stopped, once the caller is to stop.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/files/s3/answer.hpp"
#include "core/files/s3/signature.hpp"
#include "core/platform/base/clock.hpp"
#include "core/platform/base/random.hpp"
#include "core/platform/base/sha256.hpp"
#include "core/platform/config/config.hpp"
#include "core/platform/http/transport.hpp"

namespace devy::s3 {

// One part of a multipart upload, or what is known of it.
struct Part {
  int number = 0;  // from 1
  std::string etag;
  std::uint64_t size = 0;
};

struct Object {
  std::string key;
  std::uint64_t size = 0;
  base::TimePoint written_at;
};

struct OpenMultipart {
  std::string key, id;
  base::TimePoint begun_at;
};

struct Means {
  std::unique_ptr<http::Transport> transport;
  const base::Clock& clock;  // borrowed, as the random numbers
  base::Random& random;
  std::stop_token stop = {};  // ends pauses
  int tries_max = 5;          // of each call
  // Waits before another try; null: as long as it is told, or until the stop.
  std::function<void(std::chrono::milliseconds)> pause = nullptr;
};

class Client {
 public:
  // Borrows the settings.
  Client(const config::FilesS3& settings, Means means);

  // ---- objects; keys are whole, with the prefix
  void put(const std::string& key, const http::FileRange& bytes, const base::Sha256& sha256);
  // The object's size; nothing when it is not there.
  [[nodiscard]] std::optional<std::uint64_t> size_of(const std::string& key);
  // One that is not there is no error.
  void remove(const std::string& key);
  // Whether there is any object below the prefix. A bucket that is not there is an error here, and
  // looks like an object that is not there to size_of().
  [[nodiscard]] bool has_any();
  // Reads it, in pieces; a cut ends it with an error. False when it is not there.
  [[nodiscard]] bool get(const std::string& key, std::uint64_t bytes_max,
                         const http::OnBody& on_bytes);
  // All objects below the prefix, in the order of their keys.
  void list(const std::function<void(const Object&)>& on_object);

  // ---- objects in parts
  [[nodiscard]] std::string begin_multipart(const std::string& key);
  // Returns its ETag.
  [[nodiscard]] std::string put_part(const std::string& key, const std::string& id, int number,
                                     const http::FileRange& bytes, const base::Sha256& sha256);
  // The parts that have come, by number; nothing when there is no such upload any more.
  [[nodiscard]] std::optional<std::vector<Part>> parts(const std::string& key,
                                                       const std::string& id);
  // Makes the object of its parts. It is asked again when the answer was lost; where the upload has
  // gone by then, an object of that size says that it came to an end. False: there is neither.
  [[nodiscard]] bool complete_multipart(const std::string& key, const std::string& id,
                                        const std::vector<Part>& parts, std::uint64_t size);
  // One that is not there is no error.
  void abort_multipart(const std::string& key, const std::string& id);
  void list_multiparts(const std::function<void(const OpenMultipart&)>& on_multipart);

  // ---- downloads by others
  struct Delivery {
    std::string method = "GET";
    std::string media_type = {}, disposition = {}, cache_control = {};  // of the answer
    std::chrono::seconds life{300};
  };
  [[nodiscard]] std::string address(const std::string& key, const Delivery& delivery);

 private:
  struct Call {
    const char* name;
    std::string method, key = {};
    std::vector<std::pair<std::string, std::string>> query = {};
    http::Headers headers = {};
    std::string body = {};
    std::optional<http::FileRange> file = {};
    std::string payload_sha256 = {};  // hexadecimal; empty: that of the body
    std::uint64_t answer_bytes_max = 0;
  };
  struct Answer {
    http::Response response;
    Weather weather = Weather::good;
    Fault fault = {};
  };
  // Until it is good, absent or refused.
  [[nodiscard]] Answer ask(const Call& call, const http::OnBody& on_bytes = {});
  [[nodiscard]] Answer ask_once(const Call& call, const http::OnBody& on_bytes);
  void pause(int tries);
  [[nodiscard]] PlainRequest plain_request(const Call& call) const;
  [[nodiscard]] const Credentials& credentials();
  [[nodiscard]] http::Headers encryption() const;

  const config::FilesS3& settings_;
  Means means_;
  std::string scheme_, host_;
  std::optional<Credentials> credentials_;
};

// One that tries once, and waits for no slow S3: somebody waits for its caller.
[[nodiscard]] std::unique_ptr<Client> make_quick_client(const config::FilesS3& settings);
// A client of the real S3. Borrows the settings.
[[nodiscard]] std::unique_ptr<Client> make_client(const config::FilesS3& settings,
                                                  std::stop_token stop = {}, int tries_max = 5);

}  // namespace devy::s3
