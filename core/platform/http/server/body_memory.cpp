#include "core/platform/http/server/body_memory.hpp"

namespace devy::server {

BodyMemory::Answer BodyMemory::reserve(const std::string& sender, std::uint64_t bytes) {
  const auto found = senders_.find(sender);
  const auto own = found == senders_.end() ? 0 : found->second;
  if (!sender.empty() && own + bytes > limits_.sender_bytes_max) return Answer::sender_full;
  if (reserved_ + bytes > limits_.bytes_max) return Answer::full;
  reserved_ += bytes;
  senders_[sender] += bytes;
  return Answer::granted;
}

void BodyMemory::release(const std::string& sender, std::uint64_t bytes) {
  if (bytes == 0) return;
  reserved_ -= bytes;
  const auto own = senders_.find(sender);
  own->second -= bytes;
  if (own->second == 0) senders_.erase(own);
}

void ShortOfMemory::consider(const BodyHolder& rival) {
  if (rival.is_reading && rival.is_waiting) {
    if (rival.begun_at > last_.begun_at) last_ = rival;
  } else if (rival.is_reading && now_ - rival.step_begun_at >= slow_step) {
    if (!slowest_ || rival.step_begun_at < slowest_->step_begun_at) slowest_ = rival;
  } else {
    is_room_coming_ = true;
  }
}

ShortOfMemory::Decision ShortOfMemory::decide() const {
  if (slowest_) return {Way::end_slowest, slowest_->name};
  if (is_room_coming_) return {Way::wait};
  if (last_.name == asking_) return {Way::refuse};
  return {Way::end_last, last_.name};
}

}  // namespace devy::server
