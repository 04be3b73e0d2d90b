#pragma once
// A stream buffer over a file descriptor that remembers why writing failed: a closed pipe
// (`list | head`) ends quietly, a full disk is an error. Borrows the descriptor. One thread.

#include <array>
#include <streambuf>

namespace devy::cli {

class DescriptorBuffer : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor);
  ~DescriptorBuffer() override;
  DescriptorBuffer(const DescriptorBuffer&) = delete;
  DescriptorBuffer& operator=(const DescriptorBuffer&) = delete;

  // The errno of the first write that failed; 0 when none did.
  [[nodiscard]] int failure() const { return failure_; }

 protected:
  int_type overflow(int_type character) override;
  int sync() override;

 private:
  bool write_out();
  int descriptor_;
  int failure_ = 0;
  std::array<char, 16'384> buffer_{};
};

}  // namespace devy::cli
