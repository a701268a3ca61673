#include "suites/runs/run_document.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

TEST(ProtocolOfARequest, SamplesOfSeveralThreadsLastLongerThanACoreTakesToWarmUp) {
  Request request;
  EXPECT_EQ(protocol_of(request).least_sample_us, Protocol{}.least_sample_us);
  for (const int threads : {2, 8}) {
    request.threads = threads;
    EXPECT_EQ(protocol_of(request).least_sample_us, Protocol::kTeamSampleUs);
  }
  EXPECT_GT(Protocol::kTeamSampleUs, Protocol{}.least_sample_us);
}

TEST(ProtocolOfARequest, QuickTakesFewerSamplesThatLastAsLong) {
  Request request, quick;
  quick.quick = true;
  EXPECT_LT(protocol_of(quick).wanted_samples, protocol_of(request).wanted_samples);
  EXPECT_GE(protocol_of(quick).wanted_samples, protocol_of(quick).least_samples);
  EXPECT_EQ(protocol_of(quick).least_sample_us, protocol_of(request).least_sample_us);
}

}  // namespace
}  // namespace halcyon
