// Fits a model on a folder of photos, then asks it for the reduced vectors of single photos:
//   reduce_photos PHOTOS OUT photo.jpg ...
#include <iostream>

#include <pomona/pomona.h>

int main(int count, char** values) try {
  if (count < 4) return std::cerr << "usage: reduce_photos PHOTOS OUT PHOTO...\n", 2;
  const pomona::RunResult run = pomona::run_job(values[1], values[2]);
  std::cout << run.rows << " rows + " << run.rejects << " rejects, " << run.components << " components\n";

  pomona::Model model = pomona::Model::load(run.bundle);
  const std::vector<std::string> photos(values + 3, values + count);
  const auto answers = model.reduce(photos);
  for (std::size_t i = 0; i < photos.size(); ++i) {
    std::cout << photos[i] << ": ";
    if (answers[i].reject.empty())
      std::cout << answers[i].reduced[0] << " " << answers[i].reduced[1] << " ...\n";
    else
      std::cout << answers[i].reject << "\n";
  }
} catch (const std::exception& error) {
  return std::cerr << error.what() << "\n", 1;
}
