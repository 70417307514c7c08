// What stops a job. A photo that cannot be used is not an Error but a Reject (reject.h).
#pragma once

#include <stdexcept>
#include <string>

namespace pomona {

enum class ErrorCode {
  usage,        // the caller asked for something that does not exist or does not fit
  not_found,    // a file, bucket or part that must be there is not
  permission,   // the system or the store refuses
  storage,      // reading or writing failed for another reason
  no_space,     // the disk is full
  corrupt,      // a part differs from what its record says, or cannot be parsed
  mismatch,     // two things that must fit do not: settings, versions, sizes
  no_data,      // nothing to compute on
  interrupted,  // the user stopped the job
  internal,     // a bug in Pomona
};

// The code's name, for --json and for tests.
const char* name(ErrorCode code);

// One to three lines: "[operation] object: cause" and, where there is one, "  next step".
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& operation, const std::string& object, const std::string& cause,
        const std::string& next_step = {});

  ErrorCode code() const { return code_; }

 private:
  ErrorCode code_;
};

// What the system says of an error number, "No such file or directory".
std::string system_message(int error_number);

// An Error for a failed system call: the code and the cause come from `error_number` (errno).
Error system_error(const std::string& operation, const std::string& object, int error_number,
                   const std::string& next_step = {});

}  // namespace pomona
