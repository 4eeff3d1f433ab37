import DigitClassifier
import Levin

print("levin-bench")
