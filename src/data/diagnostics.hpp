#pragma once

#include "base/diagnostic.hpp"

/// The data room's table of diagnostics.
namespace bitmason::data::diagnostics {

inline constexpr DiagnosticKind kIdxMagic{
    "BM-DATA-001",
    "starts with bytes {} and an IDX file of unsigned bytes starts with 00 00 08 and a dimension count of 1 "
    "to 4; give an IDX file, plain or gzip"};
inline constexpr DiagnosticKind kIdxShort{
    "BM-DATA-002", "holds {} of the {} bytes that its IDX header promises; fetch the file again"};
inline constexpr DiagnosticKind kIdxLong{
    "BM-DATA-003", "holds more than the {} bytes that its IDX header promises; fetch the file again"};
inline constexpr DiagnosticKind kIdxCorrupt{
    "BM-DATA-004", "cannot be decompressed ({} after {} bytes); fetch the file again"};
inline constexpr DiagnosticKind kIdxHuge{
    "BM-DATA-005", "its IDX header promises {} bytes and the limit is {}; split the file"};
inline constexpr DiagnosticKind kIdxRank{
    "BM-DATA-006", "has {} dimensions and {} needs {}; check that images and labels are not swapped"};
inline constexpr DiagnosticKind kLabelCount{
    "BM-DATA-007", "holds {} labels and there are {} images; give the two files of one data set"};
inline constexpr DiagnosticKind kHoldout{
    "BM-DATA-008", "{} images to hold out of {} leave none to train on; hold out fewer"};

inline constexpr DiagnosticKind kIdxImages{
    "BM-DATA-009",
    "holds {} images of {} x {} pixels and at least one of 1 to {} a side is needed; give another file"};
inline constexpr DiagnosticKind kCifarSize{
    "BM-DATA-010", "holds {} bytes and a batch is one or more records of {} bytes; fetch the file again"};
inline constexpr DiagnosticKind kLabelRange{
    "BM-DATA-011",
    "label {} of image {} is outside the {} classes; correct the label or the number of classes"};
inline constexpr DiagnosticKind kOwnTest{
    "BM-DATA-012", "{} test images are asked for and the data set has {} of its own; ask for none"};
inline constexpr DiagnosticKind kClassNames{
    "BM-DATA-013", "has {} class names and {} classes; give as many of one as of the other"};
inline constexpr DiagnosticKind kTestShape{"BM-DATA-014",
                                           "the test images are {} and the training images {}; give a size "
                                           "to bring both to or convert both to grey or RGB"};

inline constexpr DiagnosticKind kImageKind{"BM-DATA-020",
                                           "starts with bytes {} and a JPEG file starts with ff d8 ff, a PNG "
                                           "file with 89 50 4e 47; convert or remove it"};
inline constexpr DiagnosticKind kImageCorrupt{"BM-DATA-021",
                                              "cannot be decoded ({}); replace or remove the image"};
inline constexpr DiagnosticKind kImageColour{"BM-DATA-022",
                                             "has {} and 8 bits of grey or RGB are needed; convert it"};
inline constexpr DiagnosticKind kImageHuge{
    "BM-DATA-023", "has {} x {} pixels and the limit is {} together; make it smaller"};
inline constexpr DiagnosticKind kImageSize{
    "BM-DATA-024", "has {} pixels and {} are needed; give a size to resize or crop all images to"};
inline constexpr DiagnosticKind kImageSmall{"BM-DATA-025",
                                            "has {} pixels and the crop takes {}; crop less or resize"};
inline constexpr DiagnosticKind kImageChannels{
    "BM-DATA-026", "has {} channels and the first image {}; convert all images to grey or all to RGB"};

inline constexpr DiagnosticKind kClassEmpty{"BM-DATA-030",
                                            "holds no JPEG or PNG images of classes among its {} entries; "
                                            "give a folder with one folder of images for each class"};
inline constexpr DiagnosticKind kClassesDiffer{"BM-DATA-031",
                                               "has {} classes and the training images have {}, the first "
                                               "that differs is '{}'; give both the same folders"};

inline constexpr DiagnosticKind kNpyImages{
    "BM-DATA-040",
    "holds {} and uint8 in C order is needed; convert it (numpy: np.ascontiguousarray(a, np.uint8))"};
inline constexpr DiagnosticKind kNpyShape{"BM-DATA-041",
                                          "has the shape {} and (N, C, H, W), (N, H, W, C) or (N, H, W) with "
                                          "1 or 3 channels is needed; reshape it"};
inline constexpr DiagnosticKind kNpyLabels{
    "BM-DATA-042",
    "has the shape {} of {} and one integer an image is needed; save the labels as integers of shape (N,)"};

inline constexpr DiagnosticKind kListColumn{
    "BM-DATA-050",
    "its first line names {} columns and none is '{}'; name the columns image, xmin, xmax, ymin, ymax"};
inline constexpr DiagnosticKind kListRow{"BM-DATA-051",
                                         "has {} fields and the first line has {}; correct the line"};
inline constexpr DiagnosticKind kListNumber{"BM-DATA-052",
                                            "'{}' in column {} is not a number; correct the line"};
inline constexpr DiagnosticKind kListBox{"BM-DATA-053",
                                         "the box (x {}, y {}) is empty, outside of its image of {} x {} "
                                         "pixels, or cut off by the crop; correct the line or the crop"};
inline constexpr DiagnosticKind kListImage{
    "BM-DATA-054", "there is no image '{}' (.jpg, .jpeg, .png) in {}; correct the line or the folder"};
inline constexpr DiagnosticKind kListEmpty{"BM-DATA-055",
                                           "names no image; add a line for each image below the first line"};

inline constexpr DiagnosticKind kSetArchive{"BM-DATA-060",
                                            "is an archive; unpack it first and give the folder"};
inline constexpr DiagnosticKind kSetLabels{"BM-DATA-061",
                                           "is one file and its labels are needed too; give a folder, or a "
                                           ".npy or IDX file together with its labels"};
inline constexpr DiagnosticKind kFrameSize{
    "BM-DATA-062", "{} x {} pixels are asked for and 1 to {} a side are possible; correct the size"};

}  // namespace bitmason::data::diagnostics
