#pragma once

#include "base/diagnostic.hpp"

/// The qat room's table of diagnostics.
namespace bitmason::qat::diagnostics {

inline constexpr DiagnosticKind kLabelRange{
    "BM-QAT-008", "label {} of image {} is outside the {} classes of the network; change the dense layer"};

inline constexpr DiagnosticKind kSpecRange{"BM-QAT-020", "{} is {} and {} to {} are supported; change it"};
inline constexpr DiagnosticKind kSpecKernel{
    "BM-QAT-021", "the kernel is {} wide and an odd width is needed to keep the frame; take {}"};
inline constexpr DiagnosticKind kSpecPool{
    "BM-QAT-022", "the frame is {} and 2x2 pooling needs even sides; pool earlier or remove the pool"};
inline constexpr DiagnosticKind kSpecLast{
    "BM-QAT-023", "is a {} layer and a network ends with its one dense layer; reorder the layers"};
inline constexpr DiagnosticKind kInput{
    "BM-QAT-024", "the images are {} and the network's input is {}; give other images or change the network"};
inline constexpr DiagnosticKind kNoClasses{
    "BM-QAT-025",
    "the output is {} and one number per class (C x 1 x 1) is needed; add a mean or a dense layer"};
inline constexpr DiagnosticKind kRealInput{
    "BM-QAT-026",
    "reads real numbers and codes are needed; place a quantiser before it (`bitmason-train quantize`)"};
inline constexpr DiagnosticKind kSumScales{
    "BM-QAT-027",
    "its inputs have scales {} and {}, which no small integers relate; quantise both with one scale"};
inline constexpr DiagnosticKind kCalibration{
    "BM-QAT-028", "{} images are given and at least 1 is needed to find ranges; give more"};

inline constexpr DiagnosticKind kNoImages{"BM-QAT-029",
                                          "this part of the data set has 0 images and at least 1 is needed; "
                                          "give a data set that has test images, and hold some out"};
inline constexpr DiagnosticKind kTeacher{
    "BM-QAT-034",
    "the teacher takes {} and gives {} where the network takes {} and gives {}; distil another"};

inline constexpr DiagnosticKind kNoTeacher{
    "BM-QAT-035", "there is no trained network to distil; give a network file or a --teacher"};

inline constexpr DiagnosticKind kRecipeSyntax{"BM-QAT-030", "is not JSON ({}); correct it there"};
inline constexpr DiagnosticKind kRecipeKey{"BM-QAT-031", "the recipe has no {}; add it"};
inline constexpr DiagnosticKind kRecipeUnknown{
    "BM-QAT-032", "{} is not a setting that training knows; remove it or correct its spelling"};
inline constexpr DiagnosticKind kRecipeType{"BM-QAT-033", "is {} and {} is needed; correct it"};

inline constexpr DiagnosticKind kCheckpointOther{
    "BM-QAT-040",
    "was written by run {} and this run is {}; delete it, or train with the settings it was made with"};
inline constexpr DiagnosticKind kCheckpointBroken{
    "BM-QAT-041", "is not a checkpoint of bitmason-train ({}); delete it to start again"};
inline constexpr DiagnosticKind kStopped{
    "BM-QAT-042", "stopped after epoch {} of {}; the same command with a checkpoint continues from there"};
inline constexpr DiagnosticKind kDiverged{
    "BM-QAT-043", "the loss is not finite in step {} of epoch {}; lower the learning rate of {}"};

inline constexpr DiagnosticKind kNoLosses{"BM-QAT-045",
                                          "holds no measured loss; delete it to measure it again"};

inline constexpr DiagnosticKind kNoCurve{"BM-QAT-046",
                                         "is no learning curve; delete it, or name another file"};

inline constexpr DiagnosticKind kOpenWidths{
    "BM-QAT-047",
    "no width of 2 to 8 bits is left to choose for it, or for the layers that read the same value; a "
    "supernet has no widths of 1 bit: widen the set"};

inline constexpr DiagnosticKind kNoMeeting{
    "BM-QAT-048", "worker {} of {} does not reach the others ({}); give a folder that all of them share"};
inline constexpr DiagnosticKind kWorkerGone{
    "BM-QAT-049", "one of {} workers is gone ({}); the same command with a checkpoint goes on"};
inline constexpr DiagnosticKind kBatchShare{
    "BM-QAT-050", "a batch of {} images is not shared by {} workers; give a multiple with 2 or more each"};

inline constexpr DiagnosticKind kNoAnchors{
    "BM-QAT-051",
    "the output is {} and boxes need a multiple of {} channels (x, y, w, h, confidence and class of each "
    "anchor); change the last layer"};
inline constexpr DiagnosticKind kBoxTeacher{
    "BM-QAT-052", "a share of {} is distilled and the images have boxes; only classes are: take 0"};

inline constexpr DiagnosticKind kCodesDiffer{
    "BM-TRAIN-001",
    "{} of {} logit codes differ between the trainer and the imported "
    "network, first in image {}; report this"};

}  // namespace bitmason::qat::diagnostics
